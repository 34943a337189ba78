from __future__ import annotations

import numpy as np

from engines.vae_images.data_sets import faces
from engines.vae_images.data_sets.labels import LABELS


def test_a_number_is_always_the_same_face():
    assert faces.face(7) == faces.face(7)
    first, second = (faces.draw(faces.face(7), 32) for _ in range(2))
    assert first.tobytes() == second.tobytes()
    assert first.shape == (32, 32, 3)
    assert first.dtype == np.uint8


def test_face_seven_is_as_it_was_when_the_model_was_trained():
    """Held-out figures mean something only while the faces stay what they were."""
    face = faces.face(7)
    assert (face.hair, face.eyes, face.mouth) == ("short04", "variant02", "variant29")


def test_held_out_faces_are_never_trained_on():
    assert not set(faces.TRAINING) & set(faces.HELD_OUT)
    trained = {faces.face(i) for i in range(2000)}
    assert not trained & {faces.face(i) for i in faces.HELD_OUT}


def test_no_placeholder_is_left_in_any_drawing():
    for number in range(60):
        assert "{" not in faces.svg(faces.face(number))


def test_odds_are_kept():
    drawn = [faces.face(i) for i in range(3000)]
    share = sum(face.glasses is not None for face in drawn) / len(drawn)
    assert abs(share - faces.ODDS["glasses"]) < 0.03
    hiding = faces.style()["hair_hiding_ears"]
    assert all(face.earrings is None for face in drawn if face.hair in hiding)


def test_the_style_says_whom_to_credit():
    assert "Lisa Wischofsky" in faces.style()["credit"]
    assert faces.style()["licence"]["design"]["name"] == "CC BY 4.0"


def test_every_label_tells_faces_apart():
    drawn = [faces.face(i) for i in range(400)]
    for name, label in LABELS.items():
        assert len({label(face) for face in drawn}) > 1, name
