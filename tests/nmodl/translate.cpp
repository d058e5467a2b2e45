// SPDX-License-Identifier: MIT

/// The translator of `.mod` files: what it reads, refuses and writes. (That its headers compute as NEURON does is
/// the test `mod files`.)

#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <hillock/model/ion.hpp>
#include <hillock/nmodl/translate.hpp>
#include <hillock/simd/elementwise.hpp>

using namespace hillock;

namespace {

std::string const neuron = "NEURON { SUFFIX k1 USEION k READ ek WRITE ik RANGE gbar }\n";
std::string const gates = neuron + "PARAMETER { gbar = .01 (S/cm2) }\nSTATE { n }\n"
                                   "ASSIGNED { v (mV) ek (mV) ik (mA/cm2) ninf ntau (ms) }\n"
                                   "BREAKPOINT { SOLVE s METHOD cnexp ik = gbar*n^4*(v - ek) }\n"
                                   "INITIAL { rates(v) n = ninf }\n";
std::string const rates = "PROCEDURE rates(u) { ninf = 1/(1 + exp(-(u + 30)/9)) ntau = 5 }\n";

std::string translated(std::string const& content) {
    return nmodl::translate(std::make_shared<nmodl::Text const>(nmodl::Text{"k1.mod", content})).content;
}

/// The message with which a file is refused.
std::string refusal(std::string const& content) {
    try {
        translated(content);
    } catch (nmodl::Refusal const& error) {
        return error.what();
    }
    return "(translated)";
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("a refusal names file, line and column, and shows the line") {
    CHECK(refusal(gates +
                  "DERIVATIVE s { n' = (ninf - n)/ntau }\nPROCEDURE rates(u) {\n\tninf = 1 + wrong*u\n}\n") ==
          "k1.mod:9:13: 'wrong' is not declared\n  \tninf = 1 + wrong*u\n  \t           ^");
    CHECK(refusal("NEURON {\r\n  SUFFIX k1\r\n  RANGE g,\r\n}\r\n") ==
          "k1.mod:4:1: a name was expected here, not '}'\n  }\n  ^");
    CHECK(has(refusal(neuron + "INITIAL { \xc3 }"),
              "k1.mod:2:11: a character that NMODL does not know: byte 0xc3"));
    CHECK(has(refusal(neuron + "BREAKPOINT {\nSOLVE s METHOD cnexp\n"),
              "k1.mod:2:12: there is no '}' to this '{'"));
    CHECK(has(refusal(neuron + "COMMENT endless"), "k1.mod:2:1: there is no ENDCOMMENT to this block"));
    CHECK(has(refusal(neuron + "INCLUDE \"other.inc\""),
              "k1.mod:2:9: there is no file \"other.inc\" to include"));
    CHECK(has(refusal("NEURON { SUFFIX k1 USEION k READ ki, ca }"),
              "k1.mod:1:38: 'ca' is no variable of ion k"));
}

TEST_CASE("what is not translated is refused where it stands") {
    auto const equation = "DERIVATIVE s { n' = (ninf - n)/ntau }\n" + rates;
    CHECK(has(refusal(gates + equation +
                      "INITIAL {\nVERBATIM\nint k; for (k = 0; k < 9; ++k) f(k);\nENDVERBATIM\n}"),
              "(translated)"));  // the second INITIAL is none of NEURON's either
    CHECK(has(refusal(neuron + "INITIAL {\n  VERBATIM\n  f(k); /* why */\n  ENDVERBATIM\n}"),
              "k1.mod:3:3: VERBATIM holds C code that is not translated: f(k);"));
    CHECK(has(refusal("NEURON { SUFFIX p POINTER other RANGE a }\nASSIGNED { a }\nINITIAL { a = other }"),
              "k1.mod:1:27: POINTER other: INITIAL reads it, before it points"));
    CHECK(has(refusal("NEURON { SUFFIX p POINTER other }\nINITIAL { other = 1 }"),
              "k1.mod:1:27: POINTER other: a mechanism cannot write what it points to"));
    CHECK(has(refusal(neuron + "INITIAL { LOCAL k FROM k = 0 TO 3 {\nVERBATIM\nreturn;\nENDVERBATIM\n} }"),
              ": VERBATIM: 'return' within a loop"));
    CHECK(has(refusal(gates + "KINETIC s { ~ n <-> }"), "a name was expected here, not '}'"));
    CHECK(has(refusal(gates + rates), "k1.mod:5:14: SOLVE: there is no block 's'"));
    auto const electrode = [](std::string const& others) {
        return refusal("NEURON { POINT_PROCESS p " + others +
                       "\nELECTRODE_CURRENT i }\nASSIGNED { i j ina }\n" +
                       "BREAKPOINT { i = 1 j = 2 ina = 3 }");
    };
    CHECK(electrode("") == "(translated)");
    CHECK(electrode("USEION na READ ina") == "(translated)");
    CHECK(has(electrode("NONSPECIFIC_CURRENT j"), "k1.mod:2:19: ELECTRODE_CURRENT i beside another current"));
    CHECK(has(electrode("USEION na WRITE ina"), "k1.mod:2:19: ELECTRODE_CURRENT i beside another current"));
    CHECK(has(refusal(neuron + "FUNCTION f(x) { f = f(x - 1) }\nINITIAL { ik = f(3) }"),
              "k1.mod:2:21: f calls itself"));
    CHECK(
        has(refusal(neuron + "INITIAL { ik = " + std::string(5000, '(') + "1"), "nested more than 100 deep"));
}

TEST_CASE("an event sets V behind all that follows the old one") {
    auto const file = [](std::string const& receive) {
        return translated("NEURON { POINT_PROCESS k1 NONSPECIFIC_CURRENT i RANGE u }\nASSIGNED { v i u }\n"
                          "BREAKPOINT { i = u }\nNET_RECEIVE (w) { " +
                          receive + " }");
    };
    CHECK(has(file("v = -70"), "T const v_ = -70;\n        at.set_v(v_);"));
    CHECK(has(file("v = w w = 2"), "T const new_v = c.w;\n        c.w = 2;\n        at.set_v(new_v);"));
    CHECK(has(file("if (flag == 2) { u = v v = -65 + w }"), "        s.u = u;\n        at.set_v(v_);"));
    CHECK(!has(file("u = v + w"), "set_v"));
}

TEST_CASE("equations that relax become gates, a current that is linear in V becomes ohmic") {
    auto const by_tau = translated(gates + "DERIVATIVE s { rates(v) n' = (ninf - n)/ntau }\n" + rates);
    CHECK(has(by_tau, "T const ninf = 1 / (1 + capped_exp(-1 / 9., v + 30));"));
    CHECK(has(by_tau, "return std::tuple{steady_state(ninf, T(5))};"));
    CHECK(has(by_tau, "return ohmic(gbar * fourth_power(s.n), ek);"));
    CHECK(has(by_tau, "at(ion::k::current{}) += "));
    CHECK(has(by_tau, "T gbar = 0.01;  // S/cm2"));
    CHECK(has(by_tau, "using k1 = basic_k1<double>;"));
    auto const by_rates = translated(gates + "DERIVATIVE s { rates(v) n' = 2*(ninf*(1 - n) - ntau*n) }\n"
                                             "PROCEDURE rates(u) { LOCAL a ninf = u ntau = 2 - u a = 3 }\n");
    CHECK(has(by_rates, "State initial("));  // INITIAL does not put n where it rests
    auto const slower = translated(gates + "DERIVATIVE s { rates(v) n' = -n*n }\n" + rates);  // not linear
    CHECK(has(slower, "implicit_euler("));
    CHECK_FALSE(has(slower, "auto rates("));
}

TEST_CASE("inf and tau of two rates become a gate of them, exponentials powers of one") {
    auto const text =
        translated(gates + "DERIVATIVE s { rates(v) n' = (ninf - n)/ntau }\nPROCEDURE rates(u) { LOCAL a, b\n"
                           "a = 0.01*trap(-(u + 55), 10) b = 0.5/(1 + exp(-(u + 65)/80)) + 2\n"
                           "ninf = a/(a + b) ntau = 1/(3*(a + b)) }\n"
                           "FUNCTION trap(x, y) { if (fabs(x/y) < 1e-6) { trap = y*(1 - x/y/2) } else {\n"
                           "trap = x/(exp(x/y) - 1) } }");
    CHECK(has(text, "T const e = capped_exp<40, 6>(-1 / 80., v + 65);"));
    CHECK(has(text, "gate(0.01 * hillock::vtrap(-(v + 55), 10, std::exp(1.) * e8), "
                    "2 + ratio(0.5, 1 + e))"));
    CHECK_FALSE(has(text, "T trap("));
    auto const table = translated(gates + "DERIVATIVE s { rates(v) n' = (ninf - n)/ntau }\n"
                                          "PROCEDURE rates(u) { TABLE ninf, ntau FROM -90 TO 30 WITH 60\n"
                                          "ninf = 1/(1 + exp(-u/9)) ntau = 5 + u*u }");
    CHECK(has(table, "static constexpr RateTable table{-90, 30, 61};"));
    CHECK(has(table, "T const ntau = 5 + v * v;\n        return std::tuple{steady_state(ninf, ntau)};"));
    CHECK_FALSE(has(table, "interpolated"));
    auto const varying = [](std::string const& other) {
        return translated(gates +
                          "DERIVATIVE s { rates(v) n' = (ninf - n)/ntau }\n"
                          "PROCEDURE rates(u) { TABLE ninf, ntau FROM -90 TO 30 WITH 60\n"
                          "ninf = 1/(1 + exp(-u/9)) ntau = 5 + u*u*" +
                          other + " }");
    };
    for (std::string const other : {"celsius", "gbar"}) CHECK(has(varying(other), "RateTable table{"));
    auto const of_ion = varying("ek");                                        // a table would not follow it
    CHECK(has(of_ion, "rates_table = interpolated<2>(v, -90., 30., 60., "));  // of INITIAL and SOLVE, one
    CHECK(has(of_ion, "return std::tuple{steady_state(ninf, ntau)};"));
    auto const other = translated(gates + "DERIVATIVE s { rates(v) n' = (ninf - n)/ntau }\n"
                                          "PROCEDURE rates(u) { LOCAL a a = trap(u, 5)\n"
                                          "ninf = a/(a + u) ntau = 1/(a + u) }\n"
                                          "FUNCTION trap(x, y) { trap = x/(exp(x/y) - 1.1) }");
    CHECK(has(other, "trap(v, T(5))"));  // close to vtrap is not vtrap
    auto const slower =
        translated(gates + "DERIVATIVE s { rates(v) n' = (ninf - n)/ntau }\n"
                           "PROCEDURE rates(u) { LOCAL a, b a = exp(-u/20)/9 b = exp(-u/80) + exp(-u/40)\n"
                           "ninf = a*b ntau = 1/(a + b) }");
    CHECK(has(slower, "T const e4 = e2 * e2;"));
    CHECK_FALSE(has(slower, "gate("));  // a times another number than ntau
}

TEST_CASE("inf and tau share a division, an exponential serves its inverse") {
    auto const equation = "DERIVATIVE s { rates(v) n' = (ninf - n)/ntau }\n";
    auto const made = [&](std::string const& inf, std::string const& tau) {
        return translated(gates + equation + "PROCEDURE rates(u) { ninf = " + inf + " ntau = " + tau +
                          " }\nFUNCTION trap(x, y) { if (fabs(x/y) < 1e-6) { trap = y*(1 - x/y/2) } else {\n"
                          "trap = x/(exp(x/y) - 1) } }");
    };
    std::string const boltzmann = "1/(1 + exp(-(u + 35)/10))";
    auto const bell = made(boltzmann, "gbar/(3.3*exp((u + 35)/20) + exp(-(u + 35)/20))");
    CHECK(has(bell, "T const e = bounded_exp<160, 24>(-1 / 20., v + 35);\n        T const e2 = e * e;"));
    CHECK(has(bell, "auto const ninf = ratio(1, 1 + e2);"));
    CHECK(has(bell, "auto const ntau = gbar / (e + 3.3 * ratio(1, e));"));
    CHECK(has(bell, "return std::tuple{steady_state(ninf, ntau)};"));
    auto const rates =
        made("1/(1 + exp(-(u + 35)/9))", "1/(3*(0.02*trap(-(u + 30), 5) + 0.01*trap(u + 40, 5)))");
    CHECK(has(rates, "hillock::vtrap(-(v + 30), 5, e)"));
    CHECK(has(rates, "hillock::vtrap(v + 40, 5, ratio(std::exp(2.), e))"));
    CHECK_FALSE(has(rates, "T trap("));
    auto const both = made("exp(-u/9)/(exp(-u/9) + exp(u/9))", "2 + exp(u/9)");
    CHECK(has(both, "T const ninf = "));  // its denominator may be near 0
    auto const large = made(boltzmann, "1/(trap(u, 3) + trap(u, 4) + trap(u, 5) + 1/(1 + exp(u/2)))");
    CHECK(has(
        large,
        "auto const ntau = ratio(1, trap(v, T(3)) + "));  // the product of all denominators would overflow
    auto const inverse = made("u/(1 + u*u)", "1/(0.1 + u*u)");
    CHECK(has(inverse, "ratio(1, 0.1 + v * v)"));
}

TEST_CASE("what follows from parameters alone is computed once") {
    auto const pool = translated(
        "NEURON { SUFFIX k1 USEION ca READ ica, cai WRITE cai }\nUNITS { F = (faraday) (coulomb) }\n"
        "PARAMETER { depth = .1 tau = 60 rest = 1e-4 }\nSTATE { cai }\nASSIGNED { ica }\n"
        "BREAKPOINT { SOLVE s METHOD cnexp }\nINITIAL { cai = rest }\n"
        "DERIVATIVE s { cai' = -10000*ica/(2*F*depth) + (rest - cai)/tau }");
    CHECK(has(pool, "factor = 10000 / (2. * 96485.3321233100141 * depth) * tau;"));
    CHECK(has(pool, "T const cai_inf = -ica * factor + rest;"));
    auto const field = translated(
        "NEURON { SUFFIX k1 USEION ca READ cai, cao WRITE ica RANGE p }\nPARAMETER { p = 1 half = 2 }\n"
        "ASSIGNED { v cai cao ica celsius }\nBREAKPOINT { ica = p*flow(v)/half }\n"
        "FUNCTION flow(v) { LOCAL z z = 2*v/(celsius + 273) flow = cai*efun(-z) - cao*efun(z) }\n"
        "FUNCTION efun(z) { if (fabs(z) < 1e-4) { efun = 1 - z/2 } else { efun = z/(exp(z) - 1) } }");
    CHECK(has(field, "factor2 = 2 / (celsius + 273);"));
    CHECK(has(field, "T const z = v * factor2;\n        T const efun_z = efun(z);"));
    CHECK(has(field, "cai * (efun_z + z) - cao * efun_z"));
    CHECK(has(field, "flow(v, cai, cao) * factor;"));
    CHECK(has(field, "choose(abs(z) < 1e-4, 1 - z / 2, z / (exp(z) - 1))"));
    auto const other = translated(
        "NEURON { SUFFIX k1 NONSPECIFIC_CURRENT i RANGE g }\nPARAMETER { g = 1 }\nASSIGNED { v i }\n"
        "BREAKPOINT { i = g*(efun(-v) - efun(v)) }\nFUNCTION efun(z) { efun = z/(exp(z) - 1.1) }");
    CHECK(has(other, "efun(-v) - efun(v)"));  // close to it is not it
}

TEST_CASE("tables that are none of V alone, or of two grids, stay what they are") {
    auto const equation = "DERIVATIVE s { rates(v) n' = (ninf - n)/ntau }\n";
    auto const two =
        translated(gates + equation +
                   "PROCEDURE rates(u) { inf(u) tau(u) }\n"
                   "PROCEDURE inf(u) { TABLE ninf FROM -90 TO 30 WITH 60\nninf = 1/(1 + exp(-u/9)) }\n"
                   "PROCEDURE tau(u) { TABLE ntau FROM -90 TO 30 WITH 120\nntau = 5 + u*u }");
    CHECK_FALSE(has(two, "RateTable"));
    auto const shifted = translated(gates + "DERIVATIVE s { rates(v + 7) n' = (ninf - n)/ntau }\n"
                                            "PROCEDURE rates(u) { TABLE ninf, ntau FROM -90 TO 30 WITH 60\n"
                                            "ninf = 1/(1 + exp(-u/9)) ntau = 5 + u*u }");
    CHECK_FALSE(has(shifted, "RateTable"));
    auto const of_potassium =
        translated(gates + "DERIVATIVE s { rates(ek) n' = (ninf - n)/ntau }\n"
                           "PROCEDURE rates(u) { TABLE ninf, ntau FROM -90 TO 30 WITH 60\n"
                           "ninf = 1/(1 + exp(-u/9)) ntau = 5 + u*u }");
    CHECK_FALSE(has(of_potassium, "RateTable"));
    CHECK(has(of_potassium, "interpolated<2>("));
}

TEST_CASE("branches become choices, loops are carried out, names of C++ are avoided") {
    auto const text = translated("NEURON { SUFFIX x NONSPECIFIC_CURRENT i RANGE default }\nDEFINE N 3\n"
                                 "PARAMETER { default = 2 w[N] }\nASSIGNED { v i }\n"
                                 "BREAKPOINT { LOCAL a a = 0 FROM k = 0 TO N - 1 { a = a + w[k]*k }\n"
                                 "if (v < -80) { a = 0 } else if (v < 0 && default > 1) { a = 1/3 }\n"
                                 "i = a*default*(v + 65) }");
    CHECK(has(text, "T default_ = 2;"));
    CHECK(has(text, "Field{\"default\", \"\", &Self::default_}"));
    CHECK(has(text, "Field{\"w[2]\", \"\", &Self::w_2}"));
    CHECK(has(text, "choose(v < -80, 0, choose((v < 0) & (default_ > 1), "));
    CHECK(has(text, "w_1"));
    CHECK_FALSE(has(text, "if ("));
}

TEST_CASE("a step by runge takes the slope four times") {
    auto const text = translated("NEURON { SUFFIX x RANGE y }\nSTATE { y }\n"
                                 "BREAKPOINT { SOLVE s METHOD runge }\nDERIVATIVE s { y' = 3*y }");
    CHECK(has(text, "T const y_half = s.y + dt / 2 * (3 * s.y);"));
    CHECK(has(text, "T const y_middle = s.y + dt / 2 * (3 * y_half);"));
    CHECK(has(text, "T const y_end = s.y + dt * (3 * y_middle);"));
    CHECK(has(text, "s.y + dt / 6 * (3 * s.y) + dt / 3 * (3 * y_half) + dt / 3 * (3 * y_middle) +"));
}

TEST_CASE("BEFORE BREAKPOINT comes with the currents, AFTER SOLVE behind the states; a reversal potential is "
          "written") {
    auto const text =
        translated("NEURON { SUFFIX x USEION k WRITE ek, ik RANGE g, top }\nPARAMETER { p = 1 }\n"
                   "ASSIGNED { v ik ek g top }\nBEFORE BREAKPOINT { g = p*v ek = -p }\n"
                   "BREAKPOINT { ik = 2*g }\nAFTER SOLVE { if (v > top) { top = v } }");
    auto const current = text.find("current(T v"), advance = text.find("void advance(");
    CHECK(text.substr(current, advance - current).find("s.g = g;") != std::string::npos);
    CHECK(has(text, "at(ion::k::reversal{}) = -p;"));
    CHECK(text.find("s.top = choose(v > s.top, v, s.top);") > advance);
}

TEST_CASE("a loop runs to a parameter, which then is a constant") {
    auto const text = translated("NEURON { SUFFIX x NONSPECIFIC_CURRENT i }\nPARAMETER { n = 3 g = 2 }\n"
                                 "STATE { m }\nASSIGNED { v i }\n"
                                 "BREAKPOINT { LOCAL a a = 1 FROM k = 1 TO n { a = a*m } i = g*a*v }");
    CHECK(has(text, "// n is 3 and cannot be set: a loop runs to it"));
    CHECK(has(text, "T const a = s.m * s.m;"));
    CHECK(has(text, "T const a2 = a * s.m;"));
    CHECK_FALSE(has(text, "T n = "));
}

TEST_CASE("an ARTIFICIAL_CELL receives and spikes as a point process does") {
    auto const text =
        translated("NEURON { ARTIFICIAL_CELL x RANGE m }\nPARAMETER { tau = 10 }\nASSIGNED { m }\n"
                   "NET_RECEIVE (w) { m = m + w if (m > 1) { net_event(t) m = 0 } }");
    CHECK(has(text, "if (m > 1) at.spike();"));
    CHECK_FALSE(has(text, "Current<T> current("));
}

TEST_CASE("a spike at another time than t is refused") {
    auto const file = [](std::string const& time) {
        return refusal("NEURON { ARTIFICIAL_CELL x }\nPARAMETER { late = 2 }\nNET_RECEIVE (w) {\nnet_event(" +
                       time + ") }");
    };
    CHECK(file("t") == "(translated)");
    CHECK(has(file("t + late"),
              "k1.mod:4:1: net_event: a spike at another time than t; send an event for that "
              "time, and spike when it comes"));
    CHECK(has(file("0"), "net_event: a spike at another time than t"));
}

TEST_CASE("what follows a return in VERBATIM happens only where nothing has returned") {
    auto const text =
        translated("NEURON { POINT_PROCESS x NONSPECIFIC_CURRENT i }\nSTATE { g }\nASSIGNED { v i }\n"
                   "BREAKPOINT { i = g*v }\nNET_RECEIVE (w) { if (w < 0) {\nVERBATIM\nreturn;\n"
                   "ENDVERBATIM\n}\ng = g + w }");
    CHECK(has(text, "T const g = choose(c.w < 0, s.g, s.g + c.w);"));
}

TEST_CASE("branches by the flag of an event say no more than they need") {
    auto const text =
        translated("NEURON { POINT_PROCESS k1 NONSPECIFIC_CURRENT i }\nSTATE { g }\nASSIGNED { v i on }\n"
                   "BREAKPOINT { i = g*v }\nNET_RECEIVE (w, last) { if (flag == 0) { g = g + w last = t }\n"
                   "else if (flag == 2 && on == 1 || w > 3) { on = 0 FOR_NETCONS (u, z) { u = u*2 } }\n"
                   "else if (flag == 1) { WATCH (v > -20) 2 FOR_NETCONS (u, z) { on = on } }\n"
                   "else if (flag == 3) { net_send(5, 3) on = 1 } }");
    CHECK(has(text, "T const last = choose(at.flag() == 0, t, c.last);"));
    CHECK(has(text, "if (at.flag() != 0 && ((at.flag() == 2 && s.on == 1) || c.w > 3)) at.for_each"));
    CHECK(has(text, "&& at.flag() == 1) at.watch_above(-20, 2);"));
    CHECK(has(text, "&& at.flag() == 3) at.send(5, 3);"));
    CHECK(text.find("for_each") == text.rfind("for_each"));  // one loop changes nothing
    CHECK(!has(text, " & "));
}

TEST_CASE("a number that BREAKPOINT changes begins where INITIAL puts it") {
    auto const file = [](std::string const& initial) {
        return translated(
            "NEURON { SUFFIX k1 NONSPECIFIC_CURRENT i }\nPARAMETER { first = 3 }\nASSIGNED { v i x }\n"
            "INITIAL { " +
            initial + " }\nBREAKPOINT { x = x - 0.1 i = x }");
    };
    CHECK(has(file("x = first"), "return {first};"));
    CHECK(!has(file("x = 0"), "State initial"));
}

TEST_CASE("numbers that BREAKPOINT leaves are shown at t = 0, but for those that follow themselves") {
    auto const shows = [](std::string const& breakpoint) {
        auto const text =
            translated("NEURON { SUFFIX k1 USEION ca WRITE ica NONSPECIFIC_CURRENT i RANGE g, n }\n"
                       "ASSIGNED { v i ica g n }\nBREAKPOINT { " +
                       breakpoint + " }");
        return has(text, "static constexpr bool shows_at_start = true;");
    };
    CHECK(shows("g = 1e-3*exp(v/30) i = g*(v + 60) n = 2*g ica = 0"));
    CHECK(!shows("n = n + 1 i = 1e-3*v ica = 0"));
    CHECK(!shows("g = 1e-3*n n = g + v i = 1e-3*v ica = 0"));
    CHECK(!shows("i = 1e-3*v ica = 0"));
}

TEST_CASE("a sum of weights says nothing that it does not use") {
    auto const text = translated("NEURON { POINT_PROCESS k1 NONSPECIFIC_CURRENT i }\nASSIGNED { v i }\n"
                                 "PARAMETER { scale = 2 }\nSTATE { a b }\n"
                                 "BREAKPOINT { SOLVE d METHOD cnexp i = (b - a)*v }\n"
                                 "DERIVATIVE d { a' = -a b' = -b/3 }\n"
                                 "NET_RECEIVE(w) { LOCAL f f = scale*w a = a + f b = b + f }");
    CHECK(has(text, "s.a += weight * scale;\n        s.b += weight * scale;"));
    CHECK(!has(text, "T const f"));
}

TEST_CASE("a state begins at its START, or at the parameter of its name and 0, whichever is later") {
    auto const file = [](std::string const& declarations) {
        return translated("NEURON { SUFFIX x RANGE k }\n" + declarations +
                          "\nASSIGNED { k }\nINITIAL { n = 0.1 }\nBREAKPOINT { SOLVE s METHOD cnexp }\n"
                          "DERIVATIVE s { h' = -h m'[0] = -m[0] m'[1] = -m[1] n' = -n }");
    };
    std::string const others = " m[2] FROM 0 TO 1 START 0.250000001 n START 3";
    CHECK(has(file("STATE { h START 0.7" + others + " }"), "return {T(0.7), T(0.25), T(0.25), T(0.1)};"));
    CHECK(has(file("PARAMETER { h0 = 0.4 } STATE { h START -0.7" + others + " }"), "T h0 = -0.7;"));
    auto const later = file("STATE { h START 0.7" + others + " } PARAMETER { h0 = 0.4 }");
    CHECK(has(later, "T h0 = 0.4;"));
    CHECK(has(later, "return {h0, T(0.25), T(0.25), T(0.1)};"));
    CHECK(has(refusal("NEURON { SUFFIX x }\nASSIGNED { k START 2 }"), "k1.mod:2:14: START belongs in STATE"));
}

TEST_CASE("a number that double precision does not hold is refused") {
    CHECK(has(refusal("NEURON { SUFFIX x }\nPARAMETER { g = 1e999 }"),
              "k1.mod:2:17: '1e999' is too large for a number"));
    CHECK(has(translated("NEURON { SUFFIX x }\nPARAMETER { g = 1e308 }"), "T g = 1e308;"));
}

TEST_CASE("what is declared twice is refused, as by NEURON's translator") {
    CHECK(has(refusal("NEURON { SUFFIX x }\nPARAMETER { g = 1e-4 g = 2 }"),
              "k1.mod:2:22: 'g' is declared twice"));
    CHECK(
        has(refusal("NEURON { SUFFIX x }\nPARAMETER { g = 1 }\nPARAMETER { g = 2 }"), "k1.mod:3:13: 'g' is"));
    CHECK(has(refusal("NEURON { SUFFIX x }\nSTATE { h h }"), "k1.mod:2:11: 'h' is declared twice"));
    CHECK(has(refusal("NEURON { SUFFIX x }\nASSIGNED { v i v }"), "k1.mod:2:16: 'v' is declared twice"));
    std::vector<std::string> const kinds{"CONSTANT", "PARAMETER", "ASSIGNED", "STATE"};
    for (auto const& first : kinds)
        for (auto const& second : kinds)
            if (first != second)
                for (std::string const name : {"g", "v", "celsius"}) {
                    CAPTURE(first + second + name);
                    auto const has_number = [](auto const& kind) { return kind[0] == 'C' || kind[0] == 'P'; };
                    auto const declared = [&](auto const& kind) {
                        return kind + " {\n" + name + (has_number(kind) ? " = 1 }\n" : " }\n");
                    };
                    CHECK(has(refusal("NEURON { SUFFIX x }\n" + declared(first) + declared(second)),
                              "k1.mod:5:1: '" + name + "' is declared twice"));
                }
    CHECK(has(refusal("NEURON { SUFFIX x }\nUNITS { F = (faraday) (coulomb) }\nASSIGNED { F }"),
              "k1.mod:3:12: 'F' is declared twice"));
    CHECK(has(translated("NEURON { SUFFIX x }\nCONSTANT { c = 1 c = 1 }\nLOCAL g\nPARAMETER { g = 1 }"),
              "basic_x"));
}

TEST_CASE("an event that sets a number is no sum; a current that SOLVE leaves is kept") {
    auto const text =
        translated("NEURON { POINT_PROCESS x NONSPECIFIC_CURRENT i RANGE last }\nPARAMETER { e = 1 }\n"
                   "STATE { g }\nASSIGNED { v i last }\nBREAKPOINT { SOLVE s METHOD cnexp }\n"
                   "DERIVATIVE s { g' = -g/2 i = g*(v - e) }\nNET_RECEIVE (w) { g = g + w last = 3 }");
    CHECK(has(text, "struct Connection"));
    CHECK(has(text, "s.last = 3;"));
    CHECK(has(text, "return injected(-s.i);"));
    CHECK(has(text, "T const i = g * (v - e);"));
}

TEST_CASE("fmod and atan2 are those of C, in each lane") {
    using Lane = simd::Lane<double, simd::kernel<simd::native>>;
    alignas(64) std::array<double, Lane::width> rest, angle;
    for (int k = -2000; k < 2000; ++k) {  // at 8.1, 0.3 just does not go into it for a 27th time
        auto const x = k * 0.025;
        fmod(Lane(x), 0.3).store(rest.data());
        atan2(Lane(x), -0.3).store(angle.data());
        CHECK(rest.back() == std::fmod(x, 0.3));
        CHECK(angle.back() == std::atan2(x, -0.3));
        CHECK(hillock::fmod(x, 0.3) == rest.back());
        CHECK(hillock::atan2(x, -0.3) == angle.back());
    }
    CHECK(has(
        translated("NEURON { SUFFIX x RANGE a }\nASSIGNED { v a }\nBREAKPOINT { a = atan2(v, fmod(v, 7)) }"),
        "atan2(v, fmod(v, 7.))"));
}

TEST_CASE("powers of what may be negative are those of C") {
    CHECK(signed_pow(-2., 3.) == doctest::Approx(-8));
    CHECK(signed_pow(-2., 2.) == doctest::Approx(4));
    CHECK(std::isnan(signed_pow(-2., 0.5)));
    CHECK(signed_pow(4., 0.5) == doctest::Approx(2));
    auto const text = translated("NEURON { SUFFIX x NONSPECIFIC_CURRENT i }\nPARAMETER { p = 2 q = 3 }\n"
                                 "STATE { n }\nASSIGNED { v i }\nBREAKPOINT { i = (n - 0.5)^p*q^p }");
    CHECK(has(text, "signed_pow(s.n - 0.5, p)"));
    CHECK(has(text, " pow(q, p)"));
}

TEST_CASE("random numbers are counted, one by one") {
    auto const text =
        translated("NEURON { POINT_PROCESS x NONSPECIFIC_CURRENT i POINTER rng }\n"
                   "ASSIGNED { v i rng }\nBREAKPOINT { i = normrand(0, 2) + exprand(3) + pick() }\n"
                   "FUNCTION pick() {\nVERBATIM\n_lpick = nrnran123_dblpick(_p_rng);\nENDVERBATIM\n}");
    CHECK(has(text, "T const random_draws_before = s.random_draws;"));
    CHECK(has(text, "2 * normal_draw(random_gid, random_place, random_draws_before, random_seed)"));
    CHECK(has(text, "3 * log(uniform_draw(random_gid, random_place, random_draws, random_seed))"));
    CHECK(has(text, "uniform_draw(random_gid, random_place, random_draws2, random_seed)"));
    CHECK(has(text, "s.random_draws = random_draws3;"));
}

TEST_CASE("states that follow a pointer advance when it shows the new voltage") {
    auto const text = translated("NEURON { POINT_PROCESS x NONSPECIFIC_CURRENT i POINTER pre }\nSTATE { m }\n"
                                 "ASSIGNED { v i pre }\nBREAKPOINT { SOLVE s METHOD cnexp i = m*(v - pre) }\n"
                                 "DERIVATIVE s { m' = pre*v - m/3 }");
    CHECK(has(text, "Field{\"pre\", \"\", &State::pre}"));
    CHECK(has(text, "= choose(s.has_begun > 0, "));
    CHECK(has(text, "s.has_begun = 1;"));
    CHECK(has(text, "ohmic(m2, s.pre)"));
    CHECK(has(text, "void advance(State&, T) const {"));
}

TEST_CASE("constants of UNITS are NEURON's") {
    auto const text =
        translated("NEURON { SUFFIX x NONSPECIFIC_CURRENT i }\n"
                   "UNITS { FARADAY = (faraday) (kilocoulombs) R = (k-mole) (joule/degC) F = 96500 (coul) }\n"
                   "ASSIGNED { v i }\nBREAKPOINT { i = FARADAY*exp(v*R)/F }");
    CHECK(has(text, "96.4853321233100"));
    CHECK(has(text, "8.3144626181532395"));
    CHECK(has(text, "differenced(v, i)"));  // not linear in V
}

TEST_CASE("signs of currents, units that divide and have powers, and tables that a file turns off") {
    auto const text = translated("NEURON { SUFFIX x NONSPECIFIC_CURRENT i, j, k }\n"
                                 "UNITS { W = (joule/minute) (watt) A = (cm2) (m2) }\n"
                                 "PARAMETER { g = 1 e = -70 usetable = 0 }\nASSIGNED { v i j k q }\n"
                                 "BREAKPOINT { r(v) i = -(g*(v - e)) j = 2*g*W k = q*A*(v - e) }\n"
                                 "PROCEDURE r(v) { TABLE q FROM -100 TO 100 WITH 200\n q = exp(v) }");
    CHECK(has(text, "ohmic(-g, e) + injected(-2 * g * 0.016666666666666666)"));
    CHECK(has(text, "q * 0.0001 * (v - e)"));
    CHECK_FALSE(has(text, "interpolated"));
}

TEST_CASE("equations that only look like those of gates are none") {
    auto const to_itself = translated(gates + "DERIVATIVE s { n' = (n*n - n)/3 }\n" + rates);
    CHECK(has(to_itself, "implicit_euler("));
    auto const to_half = translated(gates + "DERIVATIVE s { n' = (n/2 - n)/3 }\n" + rates);
    CHECK_FALSE(has(to_half, "n_inf"));
    CHECK(has(to_half, "s.n = s.n * decay;"));
    auto const twice_open =
        translated(gates + "DERIVATIVE s { rates(v) n' = ninf*(2 - n) - ntau*n }\n" + rates);
    CHECK_FALSE(has(twice_open, "gate(ninf"));
    CHECK(has(twice_open, "ninf * 2 / "));
}

TEST_CASE("a FUNCTION_TABLE is a member that the user gives") {
    auto const file = [](std::string const& tables, std::string const& call) {
        return neuron + "ASSIGNED { v ek ik }\n" + tables + "BREAKPOINT { ik = gbar*(v - ek)*" + call +
               " }\n" + "PARAMETER { gbar = 1 }\n";
    };
    auto const text =
        translated(file("FUNCTION_TABLE f(v (mV), w) (ms)\nFUNCTION_TABLE idle(v)\n", "f(v, 2)"));
    CHECK(has(text, "T f = 0;  // a FunctionTable of v and w, in ms\n"));
    CHECK(has(text, "look_up(f, v, 2.)"));
    CHECK(has(text, "require_table(name, \"f\", f, 2);"));
    CHECK(!has(text, "\"idle\", idle, 1"));  // NEURON does not ask for it either
    CHECK(has(text, "#include <hillock/model/function_table.hpp>"));
    CHECK(has(refusal(file("FUNCTION_TABLE f(v, w)\n", "f(v)")), "k1.mod:4:33: f takes 2 arguments, not 1"));
    CHECK(has(refusal(file("FUNCTION_TABLE f(v, w, x)\n", "f(v, 1, 2)")),
              "k1.mod:3:1: FUNCTION_TABLE f of 3 variables: those of 1 or 2 are translated"));
    CHECK(has(refusal(file("FUNCTION_TABLE gbar(v)\n", "gbar(v)")), "k1.mod:3:1: 'gbar' is declared twice"));
}

TEST_CASE("arguments named as V, substances without charge, and states without an equation") {
    auto const density = [](std::string const& rest) {
        return "NEURON { SUFFIX k1 NONSPECIFIC_CURRENT i USEION a READ ai VALENCE 0 }\nASSIGNED { v i ai "
               "}\n" +
               rest;
    };
    auto const text = translated(density("FUNCTION low() { if (v < -40) { low = 1 } else { low = 2 } }\n"
                                         "FUNCTION f(v) { f = v*low() }\nBREAKPOINT { i = f(3)*ai }\n"));
    CHECK(has(text, "T low(T v) const"));
    CHECK(has(text, "T f(T v, T v_) const"));
    CHECK(has(text, "v * low(v_)"));
    CHECK(has(text, "Ion<\"a\", 0>::inside"));
    CHECK(Ion<"a", 0>::nernst(1., 2., 20.) == 0);
    auto const scheme = translated(density("STATE { x y z }\nBREAKPOINT { SOLVE s METHOD sparse i = x }\n"
                                           "KINETIC s { ~ x <-> y (1, z)\n ~ x << (-x*x) }\n"));
    CHECK(has(scheme, "s.z"));
    CHECK(!has(scheme, "T const z = x[2]"));
    // what CONSERVE leaves out, as a further number behind the slopes
    CHECK(has(translated(density("STATE { x y z }\nBREAKPOINT { SOLVE s METHOD sparse i = x }\n"
                                 "KINETIC s { ~ x + y <-> z (1, 2)\n CONSERVE y + z = 1 }\n")),
              ", -(y - 1)};"));
}

TEST_CASE("long lists say their type, which clang finds for up to 256 elements alone") {
    auto const file = [](std::string const& size) {
        return "NEURON { SUFFIX k1 RANGE a }\nASSIGNED { v a[" + size + "] }\n" +
               "BREAKPOINT { LOCAL k FROM k = 0 TO " + size + " - 1 { a[k] = v } }\n";
    };
    CHECK(has(translated(file("300")), "return std::array<Field<State, T>, "));
    CHECK(!has(translated(file("3")), "std::array<Field<State, T>, 3>"));
}
