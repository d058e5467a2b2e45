#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes data/point_processes.csv: the voltages of cells with synapses that take their events one by one, by NEURON.

    cd tests/reference && ./make_point_processes.py

Three cells of one compartment, one synapse each, with three regular sources that have weights of their own:
AMPA and NMDA with depression of each connection, GABA with a pulse of transmitter by net_send, and one whose
weights grow where V has passed a threshold, by WATCH and FOR_NETCONS. tests/network/point_processes.cpp has the
same synapses and drives them alike. NEURON 8.2.2.
"""

import os
import subprocess
import sys
import tempfile

MODS = {
    'ampanmda.mod': '''
NEURON { POINT_PROCESS AmpaNmda RANGE a, b, c, m NONSPECIFIC_CURRENT i }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau_a = 2 (ms) tau_b = 5 (ms) tau_c = 60 (ms) tau_m = 4 (ms) e = 0 (mV) tau_rec = 50 (ms) U = 0.4 }
ASSIGNED { v (mV) i (nA) }
STATE { a (uS) b (uS) c (uS) m }
INITIAL { a = 0 b = 0 c = 0 m = unblocked(v) }
BREAKPOINT { SOLVE states METHOD cnexp i = (a + (c - b)*m*unblocked(v))*(v - e) }
DERIVATIVE states { a' = -a/tau_a b' = -b/tau_b c' = -c/tau_c m' = (unblocked(v) - m)/tau_m }
FUNCTION unblocked(v (mV)) { unblocked = 1/(1 + exp(-0.062*v)/3.57) }
NET_RECEIVE(w (uS), R, last (ms)) {
    INITIAL { R = 1 last = 0 }
    R = 1 - (1 - R)*exp(-(t - last)/tau_rec)
    a = a + w*R
    b = b + 0.5*w*R
    c = c + 0.5*w*R
    R = R*(1 - U)
    last = t
}
''',
    'gabaa.mod': '''
NEURON { POINT_PROCESS GabaPulse NONSPECIFIC_CURRENT i }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { C = 1 duration = 1 (ms) alpha = 5 (/ms) beta = 0.18 (/ms) e = -80 (mV) }
ASSIGNED { v (mV) i (nA) sum (uS) inf tau (ms) }
STATE { open (uS) closing (uS) }
INITIAL { open = 0 closing = 0 sum = 0 inf = C*alpha/(C*alpha + beta) tau = 1/(C*alpha + beta) }
BREAKPOINT { SOLVE states METHOD cnexp i = (open + closing)*(v - e) }
DERIVATIVE states { open' = (sum*inf - open)/tau closing' = -beta*closing }
NET_RECEIVE(w (uS), on, count, r (uS), since (ms)) {
    INITIAL { on = 0 count = 0 r = 0 since = 0 }
    if (flag == 0) {
        count = count + 1
        if (on == 0) {
            r = r*exp(-beta*(t - since))
            since = t
            on = 1
            sum = sum + w
            open = open + r
            closing = closing - r
        }
        net_send(duration, count)
    } else if (flag == count) {
        r = w*inf + (r - w*inf)*exp(-(t - since)/tau)
        since = t
        on = 0
        sum = sum - w
        open = open - r
        closing = closing + r
    }
}
''',
    'watcher.mod': '''
NEURON { POINT_PROCESS Watcher NONSPECIFIC_CURRENT i }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau = 3 (ms) e = 0 (mV) th = -55 (mV) }
ASSIGNED { v (mV) i (nA) }
STATE { g (uS) }
INITIAL { g = 0 net_send(0, 1) }
BREAKPOINT { SOLVE states METHOD cnexp i = g*(v - e) }
DERIVATIVE states { g' = -g/tau }
NET_RECEIVE(w (uS), n) {
    INITIAL { n = 0 }
    if (flag == 0) {
        g = g + w
        n = n + 1
    } else if (flag == 2) {
        FOR_NETCONS(wi, ni) {
            wi = wi*(1 + 0.2*ni)
            ni = 0
        }
        WATCH (v < th - 2) 3
    } else {
        WATCH (v > th) 2
    }
}
''',
}
DT, STOP, EVERY = 0.025, 100, 20
SOURCES = [(3, 11, 8, 0.004), (5, 17.5, 5, 0.006), (36.5, 0.5, 8, 0.003)]  # start, interval, number, weight


def run():
    from neuron import h
    h.load_file('stdrun.hoc')
    h.dt = DT
    keep, traces = [], []
    for name, scale in (('AmpaNmda', 1), ('GabaPulse', 1), ('Watcher', 0.06)):
        soma = h.Section(name=name)
        soma.L = soma.diam = 20
        soma.cm = 1
        soma.insert('pas')
        soma.g_pas, soma.e_pas = 1e-4, -65
        synapse = getattr(h, name)(soma(0.5))
        for start, interval, number, weight in SOURCES:
            stim = h.NetStim()
            stim.start, stim.interval, stim.number, stim.noise = start, interval, number, 0
            con = h.NetCon(stim, synapse)
            con.delay, con.weight[0] = 1, weight*scale
            keep += [stim, con]
        traces.append(h.Vector().record(soma(0.5)._ref_v, DT * EVERY))
        keep += [soma, synapse]
    h.finitialize(-65)
    h.continuerun(STOP)
    with open(sys.argv[1], 'w') as out:
        out.write('ampa_nmda,gaba,watcher\n')
        for row in zip(*traces):
            out.write(','.join(f'{v:.9g}' for v in row) + '\n')


def main():
    target = os.path.abspath('data/point_processes.csv')
    here = os.path.abspath(__file__)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in MODS.items():
            with open(os.path.join(folder, name), 'w') as file:
                file.write(text)
        subprocess.run(['nrnivmodl'], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([sys.executable, here, target], cwd=folder, check=True)


if __name__ == '__main__':
    run() if len(sys.argv) > 1 else main()
