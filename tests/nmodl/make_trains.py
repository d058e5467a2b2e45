# SPDX-License-Identifier: MIT
"""make_trains.py: writes trains.csv and relayed.csv, V of cells with testtrain.mod whose events come between steps, by
NEURON 8.2.2: of stimuli, and along connections with such delays. Run it in a folder where nrnivmodl has compiled it."""

from neuron import h

h.load_file("stdrun.hoc")
h.dt = 0.025


class Cell:
    def __init__(self):
        self.soma = h.Section(name="soma", cell=self)
        self.soma.L = self.soma.diam = 20
        self.soma.insert("pas")
        self.soma(0.5).pas.g, self.soma(0.5).pas.e = 1e-4, -65
        self.synapse = h.testtrain(self.soma(0.5))


def write(file, cell):
    h.finitialize(-65)
    with open(file, "w") as file:
        print("t,v,total", file=file)
        for step in range(4001):
            if step % 20 == 0:
                print(f"{step * 0.025:.3f},{cell.soma(0.5).v:.13g},{cell.synapse.total:.14g}", file=file)
            h.fadvance()


def trains():
    cell = Cell()
    listed = h.NetCon(None, cell.synapse)
    listed.weight[0] = 0.004
    source = h.NetStim()
    source.start, source.interval, source.number, source.noise = 20.0031, 7.0113, 8, 0
    regular = h.NetCon(source, cell.synapse)
    regular.weight[0], regular.delay = 0.006, 1.0037
    handler = h.FInitializeHandler(lambda: [listed.event(t) for t in (10.007, 10.0183, 17.3333, 60.0124, 60.0126)])
    write("trains.csv", cell)


def relayed():
    sources, target = [Cell() for _ in range(3)], Cell()
    drives = [h.NetCon(None, source.synapse) for source in sources]
    for drive in drives:
        drive.weight[0] = 0.3
    handler = h.FInitializeHandler(
        lambda: [drive.event(10 + 3 * k + 25 * n) for k, drive in enumerate(drives) for n in range(3)]
    )
    connections = []
    for k, weight, delay in ((0, 0.004, 1.0037), (1, 0.003, 2.5111), (2, 0.005, 0.7), (0, 0.002, 7.3333), (1, 0.001, 2.5)):
        connection = h.NetCon(sources[k].soma(0.5)._ref_v, target.synapse, sec=sources[k].soma)
        connection.threshold, connection.weight[0], connection.delay = -30, weight, delay
        connections.append(connection)
    write("relayed.csv", target)


trains()
relayed()
