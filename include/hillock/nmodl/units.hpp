// SPDX-License-Identifier: MIT
#pragma once

/// The numbers that a UNITS block gives names to: `FARADAY = (faraday) (coulomb)`. Constants of nature are
/// NEURON's since version 8 (CODATA 2018).

#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/words/from_chars.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Evaluates units as numbers of SI units; dimensions are not checked.
class Units {
public:
    /// How many SI units the unit `text` is: 1e-3 for "mV", 96485.33 for "faraday"; nothing if it is
    /// not known.
    static std::optional<double> factor(std::string_view text) {
        double value = 1;
        bool divides = false, has_any = false;
        while (!text.empty()) {
            char const c = text.front();
            if (c == ' ' || c == '\t' || c == '*' || (c == '-' && !begins_number(text))) {
                text.remove_prefix(1);
            } else if (c == '/') {
                divides = true;
                text.remove_prefix(1);
            } else {
                auto const one = begins_number(text) ? number(text) : power(text);
                if (!one) return {};
                value = divides ? value / *one : value * *one;
                has_any = true;
            }
        }
        return has_any || divides ? std::optional{value} : std::nullopt;
    }

private:
    struct Named {
        std::string_view name;
        double value;
    };

    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    static bool begins_number(std::string_view text) {
        if (text.front() == '-') text.remove_prefix(1);
        return !text.empty() && (is_digit(text.front()) || text.front() == '.');
    }

    /// A number; `10-3` is 1e-3, as in units(1).
    static std::optional<double> number(std::string_view& text) {
        double value = 0;
        auto const found = portable::from_chars(text.data(), text.data() + text.size(), value);
        if (found.ec != std::errc{}) return {};
        text.remove_prefix(static_cast<std::size_t>(found.ptr - text.data()));
        int exponent = 0;
        if (text.size() > 1 && (text[0] == '-' || text[0] == '+') && is_digit(text[1])) {
            auto const more =
                portable::from_chars(text.data() + (text[0] == '+'), text.data() + text.size(), exponent);
            if (more.ec != std::errc{}) return {};
            text.remove_prefix(static_cast<std::size_t>(more.ptr - text.data()));
        }
        return value * std::pow(10., exponent);
    }

    /// A word with a power behind it: cm2.
    static std::optional<double> power(std::string_view& text) {
        std::size_t size = 0;
        while (size < text.size() &&
               (std::isalpha(static_cast<unsigned char>(text[size])) || text[size] == '_'))
            ++size;
        auto const found = word(text.substr(0, size));
        if (size == 0 || !found) return {};
        text.remove_prefix(size);
        int exponent = 1;
        if (!text.empty() && text.front() == '^') text.remove_prefix(1);
        if (!text.empty() && is_digit(text.front())) {
            auto const more = portable::from_chars(text.data(), text.data() + text.size(), exponent);
            text.remove_prefix(static_cast<std::size_t>(more.ptr - text.data()));
        }
        return std::pow(*found, exponent);
    }

    static std::optional<double> word(std::string_view name) {
        if (auto const known = plain(name)) return known;
        for (auto const& prefix : prefixes)
            if (name.starts_with(prefix.name))
                if (auto const known = plain(name.substr(prefix.name.size()))) return prefix.value * *known;
        return {};
    }
    static std::optional<double> plain(std::string_view name) {
        for (auto const& each : words)
            if (each.name == name) return each.value;
        if (name.size() > 2 && name.ends_with('s')) {
            name.remove_suffix(1);
            for (auto const& each : words)
                if (each.name == name) return each.value;
        }
        return {};
    }

    static constexpr double boltzmann = 1.380649e-23, avogadro = 6.02214076e23, charge = 1.602176634e-19;

    static constexpr std::array words{Named{"coulomb", 1},
                                      Named{"coul", 1},
                                      Named{"C", 1},
                                      Named{"joule", 1},
                                      Named{"J", 1},
                                      Named{"degC", 1},
                                      Named{"degK", 1},
                                      Named{"kelvin", 1},
                                      Named{"K", 1},
                                      Named{"degree", 1},
                                      Named{"volt", 1},
                                      Named{"V", 1},
                                      Named{"amp", 1},
                                      Named{"ampere", 1},
                                      Named{"A", 1},
                                      Named{"second", 1},
                                      Named{"sec", 1},
                                      Named{"s", 1},
                                      Named{"meter", 1},
                                      Named{"m", 1},
                                      Named{"metre", 1},
                                      Named{"gram", 1e-3},
                                      Named{"g", 1e-3},
                                      Named{"kg", 1},
                                      Named{"mole", avogadro},
                                      Named{"mol", avogadro},
                                      Named{"faraday", charge* avogadro},
                                      Named{"k", boltzmann},
                                      Named{"boltzmann", boltzmann},
                                      Named{"e", charge},
                                      Named{"pi", 3.14159265358979312},
                                      Named{"liter", 1e-3},
                                      Named{"l", 1e-3},
                                      Named{"litre", 1e-3},
                                      Named{"siemens", 1},
                                      Named{"S", 1},
                                      Named{"mho", 1},
                                      Named{"ohm", 1},
                                      Named{"farad", 1},
                                      Named{"F", 1},
                                      Named{"newton", 1},
                                      Named{"minute", 60},
                                      Named{"min", 60},
                                      Named{"hour", 3600},
                                      Named{"hertz", 1},
                                      Named{"Hz", 1},
                                      Named{"molar", 1000 * avogadro},
                                      Named{"M", 1000 * avogadro},
                                      Named{"equivalent", 1},
                                      Named{"micron", 1e-6},
                                      Named{"angstrom", 1e-10},
                                      Named{"watt", 1},
                                      Named{"R", boltzmann* avogadro}};
    static constexpr std::array prefixes{Named{"milli", 1e-3}, Named{"micro", 1e-6},  Named{"nano", 1e-9},
                                         Named{"pico", 1e-12}, Named{"femto", 1e-15}, Named{"kilo", 1e3},
                                         Named{"mega", 1e6},   Named{"centi", 1e-2},  Named{"deci", 1e-1},
                                         Named{"m", 1e-3},     Named{"u", 1e-6},      Named{"n", 1e-9},
                                         Named{"p", 1e-12},    Named{"f", 1e-15},     Named{"c", 1e-2},
                                         Named{"d", 1e-1},     Named{"k", 1e3}};
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
