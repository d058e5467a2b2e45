// SPDX-License-Identifier: MIT
#pragma once

/// Writes the gates of a channel as a person would: by opening and closing rates where the file computes inf
/// and tau from them, and with quotients that the gate divides out.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/code.hpp>
#include <hillock/nmodl/mechanism.hpp>
#include <hillock/nmodl/quotients.hpp>
#include <hillock/nmodl/relaxation.hpp>
#include <hillock/nmodl/spelling.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Writes `rates`.
class RateWriter : protected QuotientWriter {
protected:
    using QuotientWriter::QuotientWriter;

    void rates() {
        auto inside = code();
        inside.cap();
        std::vector<Relaxation> forms;
        for (auto const& one : *m_.gates) forms.push_back(one.form);
        tabulate(inside, forms);
        std::vector<Value> parts;
        for (auto& form : forms) {
            form = by_rates(graph(), form);
            quotients(inside, form);  // meets their exponentials
            for (auto const& part : parts_of(form)) parts.push_back(part);
        }
        share_exponentials(inside, parts);
        plain_.clear();
        for (auto const& form : forms) {
            auto const divided = quotients(inside, form);
            for (auto const part : parts_of(form))
                if (!divided.contains(part)) plain_.insert(part);
        }
        inside.define({plain_.begin(), plain_.end()}, plain_);
        for (auto const& form : forms) name_quotients(inside, form);
        std::string list;
        for (std::size_t k = 0; k < forms.size(); ++k) {
            auto made = gate(inside, forms[k]);
            if (forms.size() > 1) {
                auto const name = inside.fresh(Execution::plain((*m_.gates)[k].state));
                inside.line(fmt::format("auto {} = {};", name, made));
                made = name;
            }
            list += (list.empty() ? "" : ", ") + made;
        }
        inside.line(fmt::format("return std::tuple{{{}}};", list));
        std::vector<std::pair<std::string, std::string>> arguments{{"T", "v"}};
        if (mentions(inside.lines(), "at")) arguments.emplace_back("Nearby<T, Uses> const&", "at");
        function("auto rates", arguments, inside.lines());
    }

private:
    /// For gates that take inf and tau from TABLEs of one grid of V, which depend on nothing else but
    /// parameters: writes the grid as a member, for which `Evaluation` makes the table, and takes inf and tau
    /// as they are at its points.
    void tabulate(Code& inside, std::vector<Relaxation>& forms) {
        std::vector<Value> grid;  // v, from, to, intervals
        auto exact = forms;
        for (auto& form : exact)
            for (auto* part : {&form.inf, &form.tau}) {
                if (!*part || graph()[**part].op != Op::element) return;
                auto const entry = graph()[**part];
                auto const table = graph()[entry.parts[0]];
                if (grid.empty()) grid = table.parts;
                if (table.text != "table" || table.parts != grid) return;
                *part = table.body.at(std::stoul(entry.text));
                if (!is_fixed(**part)) return;
                inside.give(table.bound[0], "v");
            }
        if (grid.empty() || graph()[grid[0]].text != "v") return;
        std::vector<double> numbers;
        for (std::size_t k : {1, 2, 3})
            if (auto const known = graph().constant(grid[k])) numbers.push_back(*known);
        if (numbers.size() < 3 || numbers[2] != std::floor(numbers[2])) return;
        forms = exact;
        line(fmt::format("static constexpr RateTable table{{{}, {}, {:.0f}}};", numbers[0], numbers[1],
                         numbers[2] + 1));
        line("");
    }

    /// Whether a value is computed from inputs, numbers and parameters alone.
    bool is_fixed(Value value) {
        std::set<std::string> others, called;
        for (auto const op : {Op::variable, Op::node}) m_.leaves(value, op, others);
        m_.leaves(value, Op::user, called);
        return std::all_of(others.begin(), others.end(),
                           [&](auto const& name) { return m_.is_prepared(name); }) &&
               std::all_of(called.begin(), called.end(),
                           [&](auto const& name) { return is_fixed(m_.program.functions.at(name).result); });
    }

    /// The parts of a gate that are written as quotients, and how. Its products are finite at any V.
    std::map<Value, std::string> quotients(Code& inside, Relaxation const& form) {
        std::map<Value, std::string> made;
        auto const put = [&](Value value, std::optional<Quotient> const& one) {
            if (one) made[value] = one->text;
        };
        if (form.tau) {
            auto const tau = quotient(inside, *form.tau, 0);
            put(*form.tau, tau ? tau : undivided(inside, *form.tau));
            auto const inf = tau ? steady(inside, *form.inf) : std::nullopt;
            if (inf && inf->above <= 2 && tau->above + inf->below <= 6 && tau->below + inf->below <= 6)
                put(*form.inf, inf);
        } else if (form.alpha) {
            auto const alpha = quotient(inside, *form.alpha, 0);
            put(*form.alpha, alpha);
            auto const beta = quotient(inside, *form.beta, 0);
            bool const is_finite = !alpha || !beta ||
                                   std::max(alpha->above + beta->below, beta->above + alpha->below) +
                                           alpha->below + beta->below <=
                                       6;
            if (is_finite) put(*form.beta, beta);
        }
        return made;
    }

    /// Gives inf and tau that are written as quotients the names that they have in the file.
    void name_quotients(Code& inside, Relaxation const& form) {
        if (!form.tau) return;
        for (auto const& [value, text] : quotients(inside, form)) {
            auto const& name = graph()[value].name;
            if (name.empty() || named_.contains(value)) continue;
            named_[value] = inside.fresh(name);
            inside.line(fmt::format("auto const {} = {};", named_[value], text));
        }
    }

    std::string gate(Code& inside, Relaxation const& form) {
        auto divided = quotients(inside, form);
        for (auto& [value, text] : divided)
            if (auto const known = named_.find(value); known != named_.end()) text = known->second;
        auto const number = [&](Value value) {
            auto const made = divided.find(value);
            return made != divided.end() ? made->second : inside.number(value);
        };
        if (form.tau) return fmt::format("steady_state({}, {})", number(*form.inf), number(*form.tau));
        if (form.rate)
            return fmt::format("Gate<T>({}, {})", inside.number(*form.inf), inside.number(*form.rate));
        auto const made = fmt::format("gate({}, {})", number(*form.alpha), number(*form.beta));
        return form.factor ? fmt::format("{} * {}", product(inside.number(*form.factor)), made) : made;
    }
    static std::string product(std::string const& factor) {
        return factor.find_first_of("+- ") == std::string::npos || factor.starts_with("T(")
                   ? factor
                   : "T(" + factor + ")";
    }

    std::map<Value, std::string> named_;  // quotients that have names
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
