"""Programs that measure kgpub on synthetic articles; `python -m benchmarks` writes RESULTS.md."""
