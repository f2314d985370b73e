import { CameraDialog } from "./camera-dialog/camera-dialog.js";

export const components = { "camera-dialog": CameraDialog };
