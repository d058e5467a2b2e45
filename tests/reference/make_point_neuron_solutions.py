#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes data/point_neuron_solutions.txt: python3 make_point_neuron_solutions.py

Point neurons from their equations as the papers have them, by steps of 2^-14 ms of the classical method of Runge and
Kutta, whose error is below 1e-10. A line a thing:

  start   neuron, then names and values that it begins with, other than its defaults
  value   neuron, t in ms, name, value of a variable before the first spike
  spike   neuron, time of the first spike, the next one, ...; the neuron is reset at that time
"""

from math import exp

H = 2.0**-14


def step(f, x):
    a = f(x)
    b = f([p + H / 2 * q for p, q in zip(x, a)])
    c = f([p + H / 2 * q for p, q in zip(x, b)])
    d = f([p + H * q for p, q in zip(x, c)])
    return [p + H / 6 * (s + 2 * t + 2 * u + v) for p, s, t, u, v in zip(x, a, b, c, d)]


def solve(name, f, names, x, above, reset, t_ref, t_value, spikes, settings):
    """above(x) > 0: a spike; names: of the variables, None for one that has no name."""
    lines = [f"start {name} " + " ".join(f"{key} {value}" for key, value in settings.items())]
    found, n, free = [], 0, 0
    while len(found) < spikes:
        if n * H == t_value:
            assert not found
            lines += [f"value {name} {t_value} {key} {value!r}" for key, value in zip(names, x) if key]
        new = step(f, x) if n >= free else x
        n += 1
        if above(new) > 0 and n > free:
            share = above(x) / (above(x) - above(new))
            found.append((n - 1 + share) * H)
            new = reset([p + share * (q - p) for p, q in zip(x, new)])
            free = n + round(t_ref / H)
        x = new
    return lines + [f"spike {name} " + " ".join(f"{t:.6f}" for t in found)]


def iaf_cond_exp():
    def f(x):
        v, ex, inh = x
        return [(-16.6667 * (v + 70) - ex * v - inh * (v + 85) + 300) / 250, -ex / 2, -inh / 3]

    return solve("IafCondExp", f, ["v", "g_ex", "g_in"], [-70, 10, 20], lambda x: x[0] + 55, lambda x: [-60, *x[1:]], 0,
                 4, 2, {"tau_ex": 2, "tau_in": 3, "t_ref": 0, "I_e": 300, "g_ex": 10, "g_in": 20})


def adex():
    def f(x):
        v, w, ex, inh = x
        current = -30 * (v + 70.6) + 60 * exp(min((v + 50.4) / 2, 25.2)) - ex * v - inh * (v + 85) - w + 700
        return [current / 281, (4 * (v + 70.6) - w) / 144, -ex / 2, -inh / 3]

    return solve("AdEx", f, ["v", "w", "g_ex", "g_in"], [-70.6, 0, 10, 5], lambda x: x[0], lambda x: [-60, x[1] + 80.5, *x[2:]],
                 0, 4, 3, {"tau_ex": 2, "tau_in": 3, "I_e": 700, "g_ex": 10, "g_in": 5})


def izhikevich():
    def f(x):
        v, u = x
        return [0.04 * v * v + 5 * v + 140 - u + 10, 0.02 * (0.2 * v - u)]

    return solve("Izhikevich", f, ["v", "u"], [-65, -13], lambda x: x[0] - 30, lambda x: [-65, x[1] + 8], 0, 2, 3, {"I": 10})


def izhikevich2007():
    def f(x):
        v, u = x
        return [(0.7 * (v + 60) * (v + 40) - u + 120) / 100, 0.03 * (-2 * (v + 60) - u)]

    return solve("Izhikevich2007", f, ["v", "u"], [-60, 0], lambda x: x[0] - 35, lambda x: [-50, x[1] + 100], 0, 8, 3, {"I": 120})


def glif():
    def f(x):
        v, syn, one, two, th_s, th_v = x
        return [(-9.43 * (v + 78.85) + one + two + syn + 500) / 58.72, -syn / 2, -0.003 * one, -0.1 * two, -0.009 * th_s,
                0.005 * (v + 78.85) - 0.09 * th_v]

    def reset(x):
        v, syn, one, two, th_s, th_v = x
        return [-78.85 + 0.2 * (v + 78.85) + 18.51, syn, one - 9.18, two - 198.94, th_s + 0.37, th_v]

    return solve("Glif", f, ["v", "i_syn", "asc_1", "asc_2", "th_s", "th_v"], [-78.85, -200, -20, -50, 1, 2],
                 lambda x: x[0] + 51.68 - x[4] - x[5], reset, 0, 4, 3,
                 {"t_ref": 0, "I_e": 500, "i_syn": -200, "asc_1": -20, "asc_2": -50, "th_s": 1, "th_v": 2})


with open("data/point_neuron_solutions.txt", "w") as file:
    for lines in (iaf_cond_exp(), adex(), izhikevich(), izhikevich2007(), glif()):
        file.write("\n".join(lines) + "\n")
