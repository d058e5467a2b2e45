#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes data/mechanisms.txt, from NEURON alone: python3 make_mechanisms.py

Every mechanism of the library as a mod file of the same equations, made from the table below and compiled in a
temporary folder; the voltages of cells of two sections that have one of them each, at dend(0.75), and of single
compartments in which SK stands after and before the calcium pool. A line a cell:

  zoo NAME v v ...        every 2.5 ms from t = 0
  ordered NAME v v ...    every 5 ms from t = 0

(Made with NEURON 8.2.2; steps of 0.025 ms.)"""
import os
import pathlib
import subprocess
import tempfile

here = pathlib.Path(__file__).resolve().parent
os.environ['NEURON_MODULE_OPTIONS'] = '-nogui'

vtrap = '''
FUNCTION vtrap(x, y) {
    if (fabs(x / y) < 1e-6) { vtrap = y * (1 - x / y / 2) } else { vtrap = x / (exp(x / y) - 1) }
}
'''
ghk = '''
FUNCTION efun(z) { if (fabs(z) < 1e-4) { efun = 1 - z / 2 } else { efun = z / (exp(z) - 1) } }
FUNCTION ghk(v, ci, co) { LOCAL u
    u = 0.001 * 2 * 96485.3321233100141 * v / (8.31446261815324 * (celsius + 273.15))
    ghk = 0.001 * 2 * 96485.3321233100141 * (ci * efun(-u) - co * efun(u))
}
'''


def channel(suffix, ion, gbar, conductance, gates, q10='1', setup=''):
    """A mod file whose gates are (name, inf, tau) in terms of v and q; `setup` computes what they need before."""
    by_ghk = gbar[0] == 'pbar'
    read = 'cai, cao' if by_ghk else f'e{ion}'
    uses = f'USEION {ion} READ {read} WRITE i{ion}'
    if suffix == 'lsk':
        uses += '\n    USEION ca READ cai'
    current = f'i{ion} = g * ' + ('ghk(v, cai, cao)' if by_ghk else f'(v - e{ion})')
    if ion == '':
        uses, current = 'NONSPECIFIC_CURRENT i', 'i = g * (v + 45)'
    assigned = {'v', 'celsius', 'g'} | ({f'e{ion}', f'i{ion}'} if ion else {'i'}) | ({'cai', 'cao'} if 'ca ' in uses else set())
    locals_ = sorted({line.split('=')[0].strip() for line in setup.split('\n') if '=' in line and 'if' not in line} | {'q'})
    states = ' '.join(name for name, _, _ in gates)
    evolve = '\n    '.join(f"{name}' = ({name}_inf - {name}) / {name}_tau" for name, _, _ in gates)
    rates = '\n    '.join(f'{name}_inf = {inf}\n    {name}_tau = {tau}' for name, inf, tau in gates)
    return f'''
NEURON {{ SUFFIX {suffix} {uses} RANGE {gbar[0]} }}
PARAMETER {{ {gbar[0]} = {gbar[1]} }}
ASSIGNED {{ {' '.join(sorted(assigned))} {' '.join(f'{n}_inf {n}_tau' for n, _, _ in gates)} }}
STATE {{ {states} }}
BREAKPOINT {{
    SOLVE states METHOD cnexp
    g = {gbar[0]} * {conductance}
    {current}
}}
INITIAL {{ rates() {' '.join(f'{n} = {n}_inf' for n, _, _ in gates)} }}
DERIVATIVE states {{ rates() {evolve} }}
PROCEDURE rates() {{ LOCAL {', '.join(locals_)}
    q = {q10}
    {setup}
    {rates}
}}
{vtrap}{ghk if by_ghk else ''}'''


def q(base, at):
    return f'{base}^((celsius - {at}) / 10)'


sodium = 'ma = 0.182 * vtrap(-(v + 38), 6)\n    mb = 0.124 * vtrap(v + 38, 6)\n    '
thalamus = [('m', '1 / (1 + exp(-(v + 59) / 6.2))', '1e-9'),
            ('h', '1 / (1 + exp((v + 83) / 4))', '(30.8 + (211.4 + exp((v + 115.2) / 5)) / (1 + exp((v + 86) / 3.2))) / q')]
gbar = ('gbar', 0)
sk_gates = [('z', '1 / (1 + (0.00043 / cai)^4.8)', '1')]
mods = [
    ('TransientSodium', channel('lnat', 'na', gbar, 'm * m * m * h', [('m', 'ma / (ma + mb)', '1 / (ma + mb) / q'), ('h', 'ha / (ha + hb)', '1 / (ha + hb) / q')],
                                q(2.3, 21), sodium + 'ha = 0.015 * vtrap(v + 66, 6)\n    hb = 0.015 * vtrap(-(v + 66), 6)')),
    ('PersistentSodium', channel('lnap', 'na', gbar, 'm * m * m * h',
                                 [('m', '1 / (1 + exp(-(v + 52.6) / 4.6))', '6 / (ma + mb) / q'), ('h', '1 / (1 + exp((v + 48.8) / 10))', '1 / (ha + hb) / q')],
                                 q(2.3, 21), sodium + 'ha = 2.88e-6 * vtrap(v + 17, 4.63)\n    hb = 6.94e-6 * vtrap(-(v + 64.4), 2.63)')),
    ('FastPotassium', channel('lkt', 'k', gbar, 'm * m * m * m * h',
                              [('m', '1 / (1 + exp(-(v + 10) / 19))', '(0.34 + 0.92 * exp(-((v + 81) / 59)^2)) / q'),
                               ('h', '1 / (1 + exp((v + 76) / 10))', '(8 + 49 * exp(-((v + 83) / 23)^2)) / q')], q(2.3, 21))),
    ('SlowPotassium', channel('lkp', 'k', gbar, 'm * m * h',
                              [('m', '1 / (1 + exp(-(v + 11) / 12))', 'tm / q'),
                               ('h', '1 / (1 + exp((v + 64) / 11))', '(360 + (1010 + 24 * (v + 65)) * exp(-((v + 85) / 48)^2)) / q')], q(2.3, 21),
                              'tm = 1.25 + 13 * exp(-0.026 * (v + 10))\n    if (v + 10 < -50) { tm = 1.25 + 175.03 * exp(0.026 * (v + 10)) }')),
    ('Kv2', channel('lkv2', 'k', gbar, 'm * m * (h1 + h2) / 2',
                    [('m', 'ma / (ma + mb)', '2.5 / (ma + mb) / q'),
                     ('h1', '1 / (1 + exp((v + 58) / 11))', '(360 + (1010 + 23.7 * (v + 54)) * exp(-((v + 75) / 48)^2)) / q'),
                     ('h2', '1 / (1 + exp((v + 58) / 11))', '(2350 + 1380 * exp(-0.011 * v) - 210 * exp(-0.03 * v)) / q')], q(2.3, 21),
                    'ma = 0.12 * vtrap(-(v - 43), 11)\n    mb = 0.02 * exp(-(v + 1.27) / 120)')),
    ('Kv3', channel('lkv3', 'k', gbar, 'm', [('m', '1 / (1 + exp(-(v - 18.7) / 9.7))', '4 / (1 + exp(-(v + 46.56) / 44.14))')])),
    ('Kv7', channel('lkv7', 'k', gbar, 'm', [('m', 'ma / (ma + mb)', '1 / (ma + mb) / q')], q(2.3, 21),
                    'ma = 0.0033 * exp(0.1 * (v + 35))\n    mb = 0.0033 * exp(-0.1 * (v + 35))')),
    ('MCurrent', channel('lim', 'k', gbar, 'm', [('m', '1 / (1 + exp(-(v + 35) / 10))', '1000 / q / (3.3 * exp((v + 35) / 20) + exp(-(v + 35) / 20))')], q(2.3, 36))),
    ('DCurrent', channel('lkd', 'k', gbar, 'm * h', [('m', '1 / (1 + exp(-(v + 43) / 8))', '1'), ('h', '1 / (1 + exp((v + 67) / 7.3))', '1500')])),
    ('ACurrent', channel('lka', 'k', gbar, 'm * m * m * m * h',
                         [('m', '1 / (1 + exp(-(v + 60) / 8.5))', '(0.37 + 1 / (exp((v + 35.82) / 19.69) + exp(-(v + 79.69) / 12.7))) / q'),
                          ('h', '1 / (1 + exp((v + 78) / 6))', 'th / q')], q(3, 23),
                         'th = 19\n    if (v < -63) { th = 1 / (exp((v + 46.05) / 5) + exp(-(v + 238.4) / 37.45)) }')),
    ('HCurrent', channel('lih', '', gbar, 'm', [('m', 'ma / (ma + mb)', '1 / (ma + mb)')], '1', 'ma = 0.00643 * vtrap(v + 154.9, 11.9)\n    mb = 0.193 * exp(v / 33.1)')),
    ('HighThresholdCalcium', channel('lhva', 'ca', gbar, 'm * m * h', [('m', 'ma / (ma + mb)', '1 / (ma + mb)'), ('h', 'ha / (ha + hb)', '1 / (ha + hb)')], '1',
                                     'ma = 0.055 * vtrap(-27 - v, 3.8)\n    mb = 0.94 * exp((-75 - v) / 17)\n    ha = 0.000457 * exp((-13 - v) / 50)\n'
                                     '    hb = 0.0065 / (exp((-v - 15) / 28) + 1)')),
    ('LowThresholdCalcium', channel('llva', 'ca', gbar, 'm * m * h',
                                    [('m', '1 / (1 + exp((v + 40) / -6))', '(5 + 20 / (1 + exp((v + 35) / 5))) / q'),
                                     ('h', '1 / (1 + exp((v + 90) / 6.4))', '(20 + 50 / (1 + exp((v + 50) / 7))) / q')], q(2.3, 21))),
    ('TCurrent', channel('lit', 'ca', gbar, 'm * m * h', thalamus, q(3, 24))),
    ('TPermeability', channel('litp', 'ca', ('pbar', 0), 'm * m * h', thalamus, q(3, 24))),
    ('LPermeability', channel('lilp', 'ca', ('pbar', 0), 'm * m', [('m', 'ma / (ma + mb)', '1 / (ma + mb) / q')], q(3, 23),
                              'ma = 1.6 / (1 + exp(-0.072 * (v - 5)))\n    mb = 0.02 * vtrap(v + 1.31, 5.36)')),
    # NEURON advances first whatever writes a concentration; this one sees the concentration of the step's beginning, as one does that is listed before the pool
    ('SK before', channel('lsk', 'k', gbar, 'z', [('z', '1 / (1 + (0.00043 / before)^4.8)', '1')]).replace('SUFFIX lsk', 'SUFFIX lskf')
     .replace('ASSIGNED {', 'ASSIGNED { before').replace('g = gbar', 'before = cai\n    g = gbar').replace('INITIAL {', 'INITIAL { before = 5e-5')),
    ('CalciumPool', '''
NEURON { SUFFIX lcad USEION ca READ ica WRITE cai RANGE gamma }
PARAMETER { gamma = 0.05 }
ASSIGNED { ica }
STATE { cai }
BREAKPOINT { SOLVE states METHOD cnexp }
INITIAL { cai = 1e-4 }
DERIVATIVE states { cai' = -10000 * ica * gamma / (2 * 96485.3321233100141 * 0.1) - (cai - 1e-4) / 80 }
'''),
    ('SK', channel('lsk', 'k', gbar, 'z', sk_gates)),
    ('GoldmanLeak', '''
NEURON { SUFFIX lghk NONSPECIFIC_CURRENT i USEION k READ ki, ko USEION na READ nai, nao RANGE g }
PARAMETER { g = 0 }
ASSIGNED { v celsius i ki ko nai nao e }
BREAKPOINT {
    e = 1000 * 8.31446261815324 * (celsius + 273.15) / 96485.3321233100141 * log((ko + 0.04 * nao) / (ki + 0.04 * nai))
    i = g * (v - e)
}
'''),
    ('Nmda', '''
NEURON { POINT_PROCESS LNmda NONSPECIFIC_CURRENT i }
ASSIGNED { v i f tp }
STATE { A B }
INITIAL { A = 0 B = 0 tp = 0.29 * 43 / (43 - 0.29) * log(43 / 0.29) f = 1 / (exp(-tp / 43) - exp(-tp / 0.29)) }
BREAKPOINT { SOLVE states METHOD cnexp i = (B - A) * v / (1 + 1 / 3.57 * exp(-0.062 * v)) }
DERIVATIVE states { A' = -A / 0.29 B' = -B / 43 }
NET_RECEIVE(w) { A = A + w * f B = B + w * f }
'''),
    ('GabaB', '''
NEURON { POINT_PROCESS LGabaB NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { r s }
INITIAL { r = 0 s = 0 }
BREAKPOINT { SOLVE states METHOD cnexp i = 0.001 * s^4 / (s^4 + 100) * (v + 95) }
DERIVATIVE states { r' = -0.0012 * r s' = 0.18 * r - 0.034 * s }
NET_RECEIVE(w) { r = r + w }
'''),
]

# The mechanisms switched on in each cell, in the order of the cells: (mechanism, parameter, value).
zoo = [
    ('TransientSodium', 'gbar_lnat', 0.02), ('PersistentSodium', 'gbar_lnap', 2e-4), ('FastPotassium', 'gbar_lkt', 0.01), ('SlowPotassium', 'gbar_lkp', 2e-3),
    ('Kv2', 'gbar_lkv2', 2e-3), ('Kv3', 'gbar_lkv3', 2e-3), ('Kv7', 'gbar_lkv7', 1e-3), ('MCurrent', 'gbar_lim', 1e-3), ('DCurrent', 'gbar_lkd', 1e-3),
    ('ACurrent', 'gbar_lka', 2e-3), ('HCurrent', 'gbar_lih', 5e-4), ('HighThresholdCalcium', 'gbar_lhva', 5e-4), ('LowThresholdCalcium', 'gbar_llva', 1e-3),
    ('TCurrent', 'gbar_lit', 1e-3), ('TPermeability', 'pbar_litp', 1e-4), ('LPermeability', 'pbar_lilp', 5e-5), ('SK', 'gbar_lsk', 5e-3), ('GoldmanLeak', 'g_lghk', 2e-4),
    ('Nmda', None, 0.002), ('GabaB', None, 5), ('Ampa', None, 0.002)]


def main():
    folder = pathlib.Path(tempfile.mkdtemp())
    for number, (name, text) in enumerate(mods):
        (folder / f'm{number:02}_{name.replace(" ", "_")}.mod').write_text(text)
    done = subprocess.run(['nrnivmodl', '.'], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    os.chdir(folder)
    from neuron import h
    h.load_file('stdrun.hoc')
    h.celsius, h.dt = 34, 0.025

    def run(until, apart, place):
        v = h.Vector().record(place._ref_v)
        h.finitialize(-65)
        for _ in range(round(until / h.dt)):
            h.fadvance()
        return [v[k] for k in range(0, int(v.size()), round(apart / h.dt))]

    def line(*words):
        return ' '.join(f'{w:.10g}' if isinstance(w, float) else str(w) for w in words) + '\n'

    def clamp(place, delay, dur, amp):
        one = h.IClamp(place)
        one.delay, one.dur, one.amp = delay, dur, amp
        return one

    with open(here / 'data' / 'mechanisms.txt', 'w') as file:
        suffixes = [text.split('SUFFIX ')[1].split()[0] for _, text in mods if 'SUFFIX' in text]
        for name, parameter, value in zoo:
            soma, dend = h.Section(name='soma'), h.Section(name='dend')
            dend.connect(soma(1))
            soma.L = soma.diam = 20
            dend.L, dend.diam, dend.nseg, dend.Ra, soma.Ra = 100, 2, 2, 100, 100
            for section in (soma, dend):
                section.insert('pas')
                section.g_pas, section.e_pas = 1e-4, -65
                for suffix in suffixes:
                    if suffix != 'lskf':
                        section.insert(suffix)
                if parameter:
                    setattr(section, parameter, value)
                if name == 'SK':
                    section.gbar_lhva = 1e-4
            keep = [clamp(soma(0.5), 10, 30, -0.08), clamp(soma(0.5), 40, 40, 0.15)]
            if not parameter:
                synapse = {'Nmda': lambda: h.LNmda(dend(0.25)), 'GabaB': lambda: h.LGabaB(dend(0.25)), 'Ampa': lambda: h.Exp2Syn(dend(0.25))}[name]()
                if name == 'Ampa':
                    synapse.tau1, synapse.tau2, synapse.e = 0.2, 1.7, 0
                keep.append(synapse)
                times = []
                for t in (5, 20, 50, 52):
                    stim = h.NetStim()
                    stim.start, stim.number, stim.noise = t, 1, 0
                    connection = h.NetCon(stim, synapse)
                    connection.delay, connection.weight[0] = 1, value
                    times += [stim, connection]
                keep += times
            file.write(line('zoo', name, *run(110, 2.5, dend(0.75))))
        for name, sk in ('after', 'lsk'), ('before', 'lskf'):
            soma = h.Section(name='soma')
            soma.L = soma.diam = 20
            for suffix in ('pas', 'lnat', 'lkv3', 'lilp', 'lcad', sk):
                soma.insert(suffix)
            soma.g_pas, soma.e_pas, soma.gbar_lnat, soma.gbar_lkv3, soma.pbar_lilp = 1e-4, -65, 0.15, 0.02, 2e-5
            setattr(soma, f'gbar_{sk}', 2e-3)
            keep = clamp(soma(0.5), 10, 250, 0.2)
            file.write(line('ordered', name, *run(200, 5, soma(0.5))))


if __name__ == '__main__':
    main()
