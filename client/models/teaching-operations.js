/** The operations of teaching, apart from the others: they come when somebody teaches. */

import { ERRORS, mutation, operation } from "./operations.js";

const LESSON = `fragment LessonFields on Classifier {
  id
  name
  isOutdated
  labels { id name isSomethingElse exampleCount }
  currentVersion { id number exampleCount }
}`;

const VERSION = `fragment VersionFields on ClassifierVersion {
  id
  number
  createdAt
  exampleCount
  estimatedAccuracy
  confusions(first: 3) { label takenFor count }
  downloadUrl
}`;

const EXAMPLE = `fragment ExampleFields on Example {
  id
  label { id name }
  isSuspicious
  prediction { id }
  image { url }
}`;

const READING = `fragment ReadingFields on Reading {
  label
  confidence
  isKnown
}`;

export const LESSONS = operation(
  "Lessons",
  `query Lessons {
  viewer { id classifiers(first: 100) { edges { node { ...LessonFields } } } }
}`,
  LESSON,
);

/** @returns {Promise<object[]>} the lessons of whoever is here that can answer */
export async function learnedLessons(api) {
  const { viewer } = await api.query(LESSONS);
  const lessons = viewer?.classifiers.edges.map(({ node }) => node) ?? [];
  return lessons.filter(({ currentVersion }) => currentVersion);
}

export const LESSON_BY_ID = operation(
  "LessonById",
  `query LessonById($id: ID!) {
  node(id: $id) {
    ... on Classifier {
      ...LessonFields
      examples(first: 100) { edges { node { ...ExampleFields } } }
      suspicious: examples(first: 12, suspicious: true) { edges { node { ...ExampleFields } } }
      versions(first: 20) { edges { node { ...VersionFields } } }
    }
  }
}`,
  LESSON,
  EXAMPLE,
  VERSION,
);

export const EXAMPLES_OF_LABEL = operation(
  "ExamplesOfLabel",
  `query ExamplesOfLabel($id: ID!, $label: String!) {
  node(id: $id) {
    ... on Classifier { examples(first: 100, label: $label) { edges { node { ...ExampleFields } } } }
  }
}`,
  EXAMPLE,
);

export const SUGGESTIONS = operation(
  "Suggestions",
  `query Suggestions($id: ID!) {
  node(id: $id) { ... on Classifier { suggestions(first: 12) { id label image { url } } } }
}`,
);

export const READ_AS = operation(
  "ReadAs",
  `query ReadAs($id: ID!, $model: String!) {
  node(id: $id) { ... on Prediction { readAs(model: $model) { ...ReadingFields } } }
}`,
  READING,
);

export const COMPARE = operation(
  "CompareVersions",
  `mutation CompareVersions($input: UseClassifierVersionInput!) {
  useClassifierVersion(input: $input) {
    compared
    changes { predictionId before { ...ReadingFields } after { ...ReadingFields } }
    ${ERRORS}
  }
}`,
  READING,
);

export const CROP = operation(
  "Crop",
  `query Crop($id: ID!) {
  node(id: $id) { ... on Prediction { id image { url } } }
}`,
);

export const TRY = operation(
  "Try",
  `mutation Try($input: PredictInput!) {
  predict(input: $input) {
    prediction { id label confidence isKnown scores(first: 3) { label probability } }
    ${ERRORS}
  }
}`,
);

export const CREATE_LESSON = mutation("CreateClassifier", "classifier { id }");
export const BRING_LESSON = mutation("ImportClassifier", "classifier { id }");
export const RENAME_LESSON = mutation("UpdateClassifier", "classifier { id }");
export const DELETE_LESSON = mutation("DeleteClassifier", "deletedId");
export const ADD_EXAMPLES = mutation(
  "AddExamples",
  "examples { id } nearDuplicates { example { label { name } } other { label { name } } }",
);
export const MOVE_EXAMPLES = mutation("RelabelExamples", "examples { id }");
export const REMOVE_EXAMPLES = mutation("RemoveExamples", "deletedIds");
export const RENAME_LABEL = mutation("RenameLabel", "label { id }");
export const REMOVE_LABEL = mutation("RemoveLabel", "classifier { id }");
export const LEARN = mutation("TrainClassifier", "version { ...VersionFields }", VERSION);
export const USE_VERSION = mutation("UseClassifierVersion", "classifier { id }");
