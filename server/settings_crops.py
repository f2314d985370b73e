"""Where crops lie: in PostgreSQL, or in a bucket."""

from server import environment

CROP_BUCKET = environment.text(
    "CROP_BUCKET",
    "the bucket of an S3-compatible storage that crops are put into; none: they are in PostgreSQL",
    default="",
)
CROP_STORAGE_URL = environment.origin(
    "CROP_STORAGE_URL",
    "where that storage is; that of AWS where it is not set",
    default="https://s3.amazonaws.com",
)
CROP_STORAGE_REGION = environment.text(
    "CROP_STORAGE_REGION", "the region of the bucket", default="us-east-1"
)
CROP_STORAGE_KEY = environment.text(
    "CROP_STORAGE_KEY", "the id of the key that the storage is opened with", default=""
)
CROP_STORAGE_SECRET = environment.text("CROP_STORAGE_SECRET", "the secret of that key", default="")
CROP_STORAGE = (
    {
        "bucket_name": CROP_BUCKET,
        "endpoint_url": CROP_STORAGE_URL,
        "region_name": CROP_STORAGE_REGION,
        "access_key": CROP_STORAGE_KEY,
        "secret_key": CROP_STORAGE_SECRET,
    }
    if CROP_BUCKET
    else None
)
