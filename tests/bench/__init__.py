"""The measurements: what `latentloom bench` runs. Not collected by pytest.

They stand with the tests since they need what only tests do: JACK servers without a sound card,
witnesses, peers to be compared with.
"""

BENCHES = {
    "band": "tests.bench.band:run",
    "following": "tests.bench.following:run",
    "melodies": "tests.bench.melodies:run",
    "midi": "tests.bench.midi:run",
    "midi_without_real_time": "tests.bench.midi:without_real_time",
    "midi_quick": "tests.bench.midi:quick",
    "modulation": "tests.bench.modulation:run",
    "modulation_soak": "tests.bench.modulation_soak:run",
    "onnx_pictures": "tests.bench.onnx_pictures:run",
    "painting": "tests.bench.painting:run",
    "pictures": "tests.bench.pictures:run",
    "presets": "tests.bench.presets:run",
    "requests": "tests.bench.requests:run",
    "roll": "tests.bench.roll:run",
    "second_start": "tests.bench.second_start:run",
    "stage": "tests.bench.stage.parts:run",
    "stage_soak": "tests.bench.stage.soak:run",
    "start": "tests.bench.start:run",
    "soak": "tests.bench.soak:run",
    "sound": "tests.bench.sound:run",
    "training": "tests.bench.training:run",
}
"""Functions that take seconds and give `studio.commands.report.Row`s, as "module:function"."""
