"""`make rehearse`: build, start and try the committed deployment as render.yaml states it."""
