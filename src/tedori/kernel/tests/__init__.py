"""Tests of what stands at the kernel's top."""
