"""Pictures by other people's decoders: an ONNX file that turns a point into a picture.

What the file is to us (`description`) is found out once, in a process of its own (`trial`), and
kept beside the graph in a weights file; ONNX Runtime draws. No torch here.
"""

__all__ = [
    "decoder",
    "description",
    "engine",
    "finding_out",
    "graph",
    "runtime",
    "spec",
    "taking_in",
    "trial",
    "weights_file",
]
