TITLE calcium of constant field for the tests, two states advanced by hand

NEURON {
    SUFFIX testca
    USEION ca READ cai, cao WRITE ica
    RANGE pbar
}
UNITS { FARADAY = (faraday) (coulomb) R = (k-mole) (joule/degC) }
PARAMETER { pbar = 2e-5 (cm/s) }
STATE { m h }
ASSIGNED { v (mV) cai (mM) cao (mM) ica (mA/cm2) celsius (degC) minf hinf mexp hexp }
BREAKPOINT {
    SOLVE states
    ica = pbar*m*m*h*ghk(v, cai, cao)
}
INITIAL {
    rates(v)
    m = minf
    h = hinf
}
PROCEDURE states() {
    rates(v)
    m = m + mexp*(minf - m)
    h = h + hexp*(hinf - h)
}
PROCEDURE rates(v (mV)) {
    TABLE minf, mexp, hinf, hexp DEPEND dt, celsius FROM -100 TO 100 WITH 200
    minf = 1/(1 + exp(-(v + 20)/6))
    mexp = 1 - exp(-dt/(0.5 + 2*exp(-((v + 30)/20)^2)))
    hinf = 1/(1 + exp((v + 50)/8))
    hexp = 1 - exp(-dt/30)
}
FUNCTION ghk(v (mV), ci (mM), co (mM)) (.001 coul/cm3) {
    LOCAL z
    z = (1e-3)*2*FARADAY*v/(R*(celsius + 273.15))
    ghk = (.001)*2*FARADAY*(ci*efun(-z) - co*efun(z))
}
FUNCTION efun(z) {
    if (fabs(z) < 1e-4) { efun = 1 - z/2 } else { efun = z/(exp(z) - 1) }
}
