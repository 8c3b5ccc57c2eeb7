"""Colours and class breaks."""

from itertools import pairwise

import numpy as np
import pytest

from tests.ui import colour
from ui import palette

LEAST_DIFFERENCE = 10


def test_difference_agrees_with_the_published_example_of_ciede2000():
    one, other = np.array([50.0, 2.6772, -79.7751]), np.array([50.0, 0.0, -82.7485])
    assert colour.difference(one, other) == pytest.approx(2.0425, abs=1e-4)


@pytest.mark.parametrize("sight", colour.SIGHTS)
@pytest.mark.parametrize("venue", palette.SCALES)
def test_neighbouring_classes_and_the_ground_differ_to_every_eye(venue, sight):
    colours = [colour.seen(one, sight) for one in (palette.GROUND, *palette.scale(venue))]
    assert min(colour.difference(*pair) for pair in pairwise(colours)) >= LEAST_DIFFERENCE


@pytest.mark.parametrize("venue", palette.SCALES)
def test_light_is_few(venue):
    lights = [colour.luminance(one) for one in palette.scale(venue)]
    assert lights == sorted(lights, reverse=True)


@pytest.mark.parametrize("venue", palette.SCALES)
def test_paler_tones_keep_the_order_of_their_classes(venue):
    for tones in palette.pale(venue):
        lights = [colour.luminance(one) for one in tones]
        assert lights == sorted(lights, reverse=True)


def test_text_and_lines_stand_out_from_the_ground():
    assert colour.contrast(palette.MUTED, palette.GROUND) >= 4.5
    assert colour.contrast("#667079", palette.GROUND) >= 3


def test_every_layer_has_its_own_hue():
    assert len({palette.hue(venue) for venue in palette.SCALES}) == len(palette.SCALES)


@pytest.mark.parametrize(
    ("value", "mark"),
    [(11, 1), (19, 1), (20, 2), (49, 2), (50, 3), (99, 3), (100, 4), (249, 4), (250, 5), (9999, 5)],
)
def test_classes_meet_without_gap_or_overlap(value, mark):
    assert palette.digit(value, 11) == mark


def test_breaks_begin_at_k_and_are_at_most_five():
    for k in (10, 11, 20, 30, 300):
        assert palette.breaks(k)[0] == k
        assert len(palette.breaks(k)) <= 5
        assert list(palette.breaks(k)) == sorted(set(palette.breaks(k)))


def test_a_venue_without_a_scale_takes_that_of_all():
    assert palette.scale("street") == palette.scale("all")
