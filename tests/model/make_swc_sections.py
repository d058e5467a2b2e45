#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes swc_sections.txt beside it, from NEURON's Import3d alone: python3 make_swc_sections.py

For each case a name, the points of an SWC file, and the sections that Import3d makes of them (soma[0] is called soma if there is no
other). (Made with NEURON 8.2.2.)"""
import os
import tempfile

os.environ['NEURON_MODULE_OPTIONS'] = '-nogui'
from neuron import h

h.load_file('stdlib.hoc')
h.load_file('import3d.hoc')

# A point a semicolon: type x y z radius parent; ids are 1, 2, ...
one = '1 0 0 0 10 -1'
cases = {
    'a soma of one point': f'{one}; 3 0 10 0 1 1; 3 0 40 0 .5 2; 3 30 80 0 .5 3; 4 -30 80 0 .25 3; 2 0 -50 0 .5 1; 2 0 -90 0 .5 6',
    'a soma of three points, as NeuroMorpho has it': '1 0 0 0 5 -1; 1 0 -5 0 5 1; 1 0 5 0 5 1; 3 0 8 0 1 1; 3 0 40 0 1 4; 3 6 0 0 1 1; 3 40 0 0 1 6',
    'such a soma measured badly': '1 0 0 0 5 -1; 1 0 -4.98 0 5 1; 1 0 5.01 0 5 1; 3 0 8 0 1 1; 3 0 40 0 1 4',
    'dendrites on the second and third of three points': '1 0 0 0 5 -1; 1 0 -5 0 5 1; 1 0 5 0 5 1; 3 0 8 0 1 3; 3 0 40 0 1 4; 3 0 -8 0 1 2; 3 0 -40 0 1 6',
    'three points that are no sphere': '1 0 0 0 5 -1; 1 0 -5 3 5 1; 1 0 6 1 5 1; 3 0 8 0 1 1; 3 0 40 0 1 4',
    'three points of unequal diameter': '1 0 0 0 5 -1; 1 0 -5 0 4 1; 1 0 5 0 5 1; 3 0 8 0 1 1; 3 0 40 0 1 4; 2 0 9 0 1 3',
    'three points in a row': '1 0 -5 0 5 -1; 1 0 0 0 6 1; 1 0 5 0 5 2; 3 0 8 0 1 3; 3 0 40 0 1 4; 3 0 -8 0 1 1; 3 0 -40 0 1 6; 3 20 0 0 1 2; 3 40 0 0 1 8',
    'a soma of two points': '1 0 -5 0 5 -1; 1 0 5 0 5 1; 3 0 8 0 1 2; 3 0 40 0 1 3; 3 0 -8 0 1 1; 3 0 -40 0 1 5',
    'neurites of one point on a soma of many': '1 0 0 0 2 -1; 1 0 2 0 5 1; 1 0 4 0 6 2; 1 0 6 0 2 3; 3 0 10 0 1 4; 3 8 3 0 1 2; 2 9 4 0 .5 3; 3 0 -5 0 1 1',
    'a soma that forks': '1 0 0 0 5 -1; 1 0 5 0 4 1; 1 4 8 0 3 2; 1 -4 8 0 3 2; 3 0 20 0 1 2; 3 0 40 0 1 5; 3 8 12 0 1 3; 3 8 40 0 1 7',
    'a soma that forks at the root': '1 0 0 0 8 -1; 1 0 8 0 5 1; 1 8 0 0 5 1; 1 -8 0 0 5 1; 3 0 20 0 1 2; 3 0 60 0 1 5; 3 9 9 0 1 1; 3 30 30 0 1 7',
    'no soma': '3 0 0 0 1 -1; 3 0 10 0 1 1; 3 0 50 0 1 2; 3 0 -10 0 1 1; 3 0 -50 0 .5 4',
    'a soma that is not the root': '3 0 0 0 1 -1; 3 0 20 0 1 1; 1 0 30 0 8 2; 3 0 60 0 1 3; 3 0 90 0 1 4',
    'a root alone of its type': '2 0 0 0 1 -1; 3 0 20 0 1 1; 3 0 30 0 2 2; 3 30 0 0 1 1; 3 40 0 0 1 4',
    'a soma far from the soma': f'{one}; 3 0 12 0 1 1; 3 0 40 0 1 2; 2 0 -12 0 1 1; 2 0 -40 0 1 4; 1 0 -50 0 1 5',
    'changes of type': f'{one}; 3 0 12 0 1 1; 3 0 40 0 1 2; 4 0 60 0 .5 3; 4 0 90 0 .3 4; 2 0 -12 0 1 1; 3 0 -30 0 1 6; 3 0 -60 0 1 7',
    'a fork of three': f'{one}; 3 0 12 0 1 1; 3 0 40 0 1 2; 3 20 60 0 .5 3; 3 0 60 0 .5 3; 3 -20 60 0 .5 3',
    'a fork at the first point': f'{one}; 2 0 -12 0 1 1; 2 0 -40 0 1 2; 3 0 12 0 1 1; 3 20 40 0 1 4; 3 0 60 0 1 4; 3 0 90 0 1 6',
    'a fork at the first point, the second of the file': f'{one}; 3 0 12 0 1 1; 3 20 40 0 1 2; 3 0 60 0 1 2',
    'a fork at the first point into two types': f'{one}; 2 0 -12 0 1 1; 2 0 -40 0 1 2; 3 0 12 0 1 1; 3 20 40 0 1 4; 2 0 60 0 1 4; 2 0 90 0 1 6; 2 9 60 0 1 4; 2 9 90 0 1 8',
    'the same on a soma of many': '1 0 0 0 5 -1; 1 0 4 0 6 1; 1 0 8 0 5 2; 3 8 4 0 1 2; 3 20 40 0 1 4; 4 0 60 0 1 4; 4 0 90 0 1 6',
    'a root that forks into two types': '3 0 0 0 1 -1; 3 0 20 0 1 1; 3 0 50 0 1 2; 2 0 -20 0 1 1; 2 0 -50 0 1 4',
    'a point given twice': f'{one}; 3 0 12 0 2 1; 3 0 40 0 2 2; 3 0 40 0 1 3; 3 0 90 0 1 4',
    'a section without length at an end': f'{one}; 3 0 12 0 1 1; 3 0 40 0 1 2; 3 0 40 0 .5 3; 3 20 40 0 1 3',
    'a section without length in between': f'{one}; 3 0 12 0 1 1; 3 0 40 0 1 2; 2 0 40 0 .5 3; 3 20 40 0 1 4; 3 20 60 0 1 4',
}


def sections(text):
    with tempfile.NamedTemporaryFile('w', suffix='.swc') as file:
        file.write(text)
        file.flush()
        reader = h.Import3d_SWC_read()
        reader.quiet = 1
        reader.input(file.name)
        h.Import3d_GUI(reader, False).instantiate(None)
    for section in h.allsec():
        point = ', '.join(f'{x:g}' for x in (section.x3d(0), section.y3d(0), section.z3d(0), section.diam3d(0)))
        where = section.parentseg()
        yield (f'{section.name()}: ' + (f'on {where}, ' if where else '') +
               f'{section.L:.6g} um, {sum(s.area() for s in section):.6g} um2, {section.n3d()} points from {point}')


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'swc_sections.txt'), 'w') as out:
    for name, points in cases.items():
        text = ''.join(f'{k + 1} {point.strip()}\n' for k, point in enumerate(points.split(';')))
        found = '\n'.join(sections(text))
        if 'soma[1]' not in found:
            found = found.replace('soma[0]', 'soma')
        print(f'{name}\n{text}{found}\n', file=out)
        for section in list(h.allsec()):
            h.delete_section(sec=section)
