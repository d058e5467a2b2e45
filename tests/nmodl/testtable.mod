TITLE a potassium current whose kinetics are tables

COMMENT
An own file for tests: inf at even distances of V, tau at points of its own, a factor that depends on V and
on calcium. Made up, not measured.
ENDCOMMENT

NEURON {
    SUFFIX testtable
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar, n
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (mM) = (milli/liter)
    (S) = (siemens)
}

PARAMETER { gbar = 2e-3 (S/cm2) }

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    cai (mM)
}

STATE { n }

FUNCTION_TABLE ninf(v (mV))
FUNCTION_TABLE ntau(v (mV)) (ms)
FUNCTION_TABLE factor(v (mV), cai (mM))

INITIAL { n = ninf(v) }

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*n*factor(v, cai)*(v - ek)
}

DERIVATIVE states { n' = (ninf(v) - n)/ntau(v) }
