#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes asc_import3d.txt, from NEURON alone: python3 make_asc_sections.py

Random Neurolucida files, and the sections that NEURON's Import3d makes of them. A line a thing:

  file
  | a line of it
  section name parent (-: none) x L, then x y z diam of each point

(Made with NEURON 8.2.2, whose points are in single precision.)"""
import math
import os
import pathlib
import random
import tempfile

os.environ['NEURON_MODULE_OPTIONS'] = '-nogui'
from neuron import h

h.load_file('stdrun.hoc')
h.load_file('import3d.hoc')
here = pathlib.Path(__file__).resolve().parent


def point(rng, at, diameter):
    separator = rng.choice([' ', ' ', ', '])
    return '(' + separator.join(f'{number:.2f}' for number in (*at, diameter)) + ')'


def outline(rng, center, radii, z, turn, count):
    for k in range(count):
        angle = 2 * math.pi * k / count
        x, y = radii[0] * math.cos(angle) * rng.uniform(0.9, 1.1), radii[1] * math.sin(angle) * rng.uniform(0.9, 1.1)
        yield (center[0] + x * math.cos(turn) - y * math.sin(turn), center[1] + x * math.sin(turn) + y * math.cos(turn), z)


def cell_body(rng, center, stack):
    name, turn = rng.choice(['CellBody', 'Cell Body', 'Soma']), rng.uniform(0, 3)
    for z in range(stack):
        yield f'("{name}"'
        yield '  (Color RGB (255, 128, 0))'
        yield '  (CellBody)'
        for at in outline(rng, center, (8, 5), 2 * z, turn, rng.randint(9, 20)):
            yield '  ' + point(rng, at, 0.1) + ' ; an outline'
        yield ')'


def branch(rng, at, direction, depth, indent):
    """A branch that begins at `at`, and what follows it."""
    diameter = rng.uniform(0.3, 3)
    count = rng.choice([1, 2, 3, 5])
    for k in range(count):
        yield indent + point(rng, at, diameter) + rng.choice(['', '', f'  ; R-{k}', ' <(Class 1 "spine") (1 2 3 0.1)>'])
        if rng.random() < 0.1:
            yield indent + '(Dot (Color Red) (1 2 3 0))' if k == count - 1 else indent + '; between'
        last, at = at, [a + b + rng.uniform(-5, 5) for a, b in zip(at, direction)]
        diameter = max(0.2, diameter * rng.uniform(0.8, 1.1))
    if depth == 0 or rng.random() < 0.3:
        yield indent + rng.choice(['Normal', 'High', 'Incomplete', 'Generated'])
        return
    yield indent + '('
    branches = rng.choice([2, 2, 3])
    for k in range(branches):
        begin = last if rng.random() < 0.5 else [a + rng.uniform(-3, 3) for a in last]
        begin = [float(f'{a:.2f}') for a in begin]
        yield from branch(rng, begin, [rng.uniform(-15, 15) for _ in range(3)], depth - 1, indent + '  ')
        yield indent + ('|' if k + 1 < branches else ')')


def tree(rng, begin, label):
    yield rng.choice(['( (Color Yellow)', '((Color RGB (1, 2, 3))', '('])
    if label:
        yield f'  ({label})'
    yield from branch(rng, begin, [rng.uniform(-15, 15) for _ in range(3)], 2, '  ')
    yield ')  ;  End of tree'


def file(seed):
    rng = random.Random(seed)
    center = (rng.uniform(-20, 20), rng.uniform(-20, 20))
    stack = [1, 1, 1, 3, 0, 2][seed % 6]
    yield '; V3 text file written for MicroBrightField products.'
    yield '(ImageCoords)'
    yield from cell_body(rng, center, stack)
    yield '("Outline" (Color Blue) (1 2 3 4) (4 5 6 7) (7 8 1 1))'
    yield '((Color White) (10 20 0 1) "a text")'
    for k in range(1 if stack == 0 else rng.randint(2, 4)):
        near = rng.random() < 0.8
        begin = [center[0] + rng.uniform(-3, 3) + (0 if near else 60), center[1] + rng.uniform(-3, 3), rng.uniform(-3, 3)]
        yield from tree(rng, begin, ['Dendrite', 'Axon', 'Apical', 'Dendrite', ''][(seed + k) % 5])


def sections(path):
    reader = h.Import3d_Neurolucida3()
    reader.quiet = 1
    reader.input(str(path))
    h.Import3d_GUI(reader, 0).instantiate(None)
    for section in h.allsec():
        parent = section.parentseg()
        numbers = [f'{f(k):.8g}' for k in range(section.n3d()) for f in (section.x3d, section.y3d, section.z3d, section.diam3d)]
        name = lambda of: 'soma' if of.name() == 'soma[0]' else of.name()
        yield ' '.join(['section', name(section), name(parent.sec) if parent else '-', f'{parent.x if parent else 0:g}',
                        f'{section.L:.8g}', *numbers])
    h('forall delete_section()')


with tempfile.TemporaryDirectory() as folder, open(here / 'asc_import3d.txt', 'w') as out:
    path = pathlib.Path(folder, 'cell.asc')
    for seed in range(8):
        lines = list(file(seed))
        path.write_text('\n'.join(lines) + '\n')
        print('file', *(f'| {line}' for line in lines), *sections(path), sep='\n', file=out)
