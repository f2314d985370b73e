"""The addresses the server answers, beside health (a middleware) and files (WhiteNoise)."""

from django.contrib import admin
from django.urls import path, re_path

from server.api.http.view import graphql
from server.predictions.views import crop
from server.teaching.views import archive, heat_map
from server.teaching.views import crop as example_crop

urlpatterns = [
    re_path(r"^graphql/?$", graphql, name="graphql"),
    path("predictions/<int:prediction_id>/crop", crop, name="prediction-crop"),
    path("predictions/<int:prediction_id>/crop.webp", crop),  # as answers once told it
    # Under the path of predictions, which every proxy passes on already.
    path("predictions/examples/<int:example_id>/crop", example_crop, name="example-crop"),
    path("predictions/versions/<int:version_id>/archive", archive, name="version-archive"),
    path("predictions/<int:prediction_id>/heat-map", heat_map, name="prediction-heat-map"),
    path("admin/", admin.site.urls),
]
