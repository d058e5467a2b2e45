#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes expected.txt beside it, from numpy and scipy alone: python3 make_expected.py

A line is a name and its numbers. (Made with numpy 1.24.2 and scipy 1.10.1.)"""
import os

import numpy as np
import scipy.signal as signal

out = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'expected.txt'), 'w')


def store(name, numbers):
    print(name, *(f'{x:.17g}' for x in np.ravel(numbers)), file=out)


# A raster: 12 cells, 100 ms, times on a grid of 0.025 ms (so that many lie on edges of bins), cell 5 silent, a common rhythm.
random = np.random.default_rng(3)
cells, tstop = 12, 100.0
spikes = [(0.0, 0), (100.0, 11), (100.0, 4), (99.0, 1)]
for cell in range(cells):
    if cell != 5:
        for beat in np.arange(7.0, 95.0, 12.5):
            if random.random() < 0.8:
                spikes.append((max(0, round((beat + random.normal(0, 1.5)) / 0.025)) * 0.025, cell))
        spikes += [(t * 0.025, cell) for t in random.integers(0, 4001, 4)]
        spikes += [(float(t), cell) for t in random.integers(0, 101, 2)]
spikes = sorted(set(spikes))
t, gid = np.array([s[0] for s in spikes]), np.array([s[1] for s in spikes])
store('times', t)
store('gids', gid)

# Counts: the last bin is closed; 0.1 ms and 0.7 ms have edges that are not representable, 0.7 does not divide 100.
for width, name in ((1.0, '1'), (2.5, '2.5'), (0.1, '0.1'), (0.7, '0.7')):
    store(f'counts {name}'.replace(' ', '_'), np.histogram(t, np.arange(np.ceil(tstop / width - 1e-9) + 1) * width)[0])
edges = np.arange(101.0)
counts = np.histogram(t, edges)[0]
trains = np.array([np.histogram(t[gid == cell], edges)[0] for cell in range(cells)]).T
store('trains', trains)
left = np.histogram(t[gid < 6], edges)[0] / 6 * 1000
right = np.histogram(t[gid >= 6], edges)[0] / 6 * 1000
store('rates_left', left)
store('fano', counts.var() / counts.mean())
intervals = [np.diff(t[gid == cell]) for cell in range(cells)]
store('intervals_3', intervals[3])
store('cv', [i.std() / i.mean() if len(i) > 1 else np.nan for i in intervals])
store('correlation', np.corrcoef(left, right)[0, 1])
x, y = left - left.mean(), right - right.mean()
store('cross_correlation', np.correlate(x, y, 'full')[99 - 10:99 + 11] / (100 * left.std() * right.std()))
store('synchrony', np.sqrt(trains.mean(1).var() / trains.var(0).mean()))

# Distances from the definitions: an integral on a fine grid, and the recursion.
a, b = t[gid == 2], t[gid == 3]
tau, dt = 5.0, 1e-3
grid = np.arange(0.5 * dt, 400, dt)
trace = lambda train: sum((grid > s) * np.exp(-np.maximum(grid - s, 0) / tau) for s in train)
store('van_rossum', np.sqrt(((trace(a) - trace(b)) ** 2).sum() * dt / tau))


def victor_purpura(a, b, cost):
    table = np.zeros((len(a) + 1, len(b) + 1))
    table[:, 0], table[0, :] = np.arange(len(a) + 1), np.arange(len(b) + 1)
    for i in range(len(a)):
        for j in range(len(b)):
            table[i + 1, j + 1] = min(table[i, j] + cost * abs(a[i] - b[j]), table[i, j + 1] + 1, table[i + 1, j] + 1)
    return table[-1, -1]


store('victor_purpura', [victor_purpura(a, b, cost) for cost in (0, 0.1, 0.5, 100)])

# Spectra.
windows = {'boxcar': 'boxcar', 'hann': 'hann', 'hamming': 'hamming', 'blackman': 'blackman', 'tukey0.25': ('tukey', 0.25),
           'tukey0': ('tukey', 0), 'tukey0.6': ('tukey', 0.6), 'tukey1': ('tukey', 1)}
for name, window in windows.items():
    for n in (1, 2, 7, 30):
        store(f'window_{name}_{n}', signal.get_window(window, n))


def store_spectrogram(name, f, s, power):
    store(name + '_frequencies', f)
    store(name + '_times', s)
    store(name + '_power', power)


f, s, power = signal.spectrogram(counts * 1000, fs=1000, window=('tukey', .25), nperseg=30, noverlap=29, nfft=300)
store_spectrogram('tutorial', f[::15], s, power[::15])
store_spectrogram('odd', *signal.spectrogram(counts + 0.1 * edges[:-1], fs=10, window='hamming', nperseg=21, noverlap=4, nfft=33,
                                             detrend='linear', scaling='spectrum'))
store_spectrogram('plain', *signal.spectrogram(counts, nperseg=16, window='blackman', detrend=False))
f, power = signal.welch(counts, fs=1000, nperseg=25)
store('welch_frequencies', f)
store('welch_power', power)
