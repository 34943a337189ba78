"""The row of scenes: which one it is, snapshots, the crossfader, and the line after a crash."""
