#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes content.txt to its output; make_event_vectors.py says how."""

import sys

sys.dont_write_bytecode = True

from make_event_vectors import content_lines  # noqa: E402

print("\n".join(content_lines()))
