// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

#include <hillock/isa.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Distributions from which the weights and delays of single connections are drawn.
struct Uniform {
    double low, high;
    double draw(RandomStream& random) const { return low + (high - low) * random.uniform(); }
};
struct Normal {
    double mean, sd;
    double draw(RandomStream& random) const { return mean + sd * random.normal(); }
};
/// exp of a normal variable of mean `mu` and standard deviation `sigma`.
struct LogNormal {
    double mu, sigma;
    double draw(RandomStream& random) const { return std::exp(mu + sigma * random.normal()); }
};

/// The weight or delay of a projection: one number for all its connections, a distribution, or a function of
/// (source, target).
class ConnectionValue {
public:
    ConnectionValue(double number) : form_{number} {}
    ConnectionValue(Uniform d) : form_{d} {}
    ConnectionValue(Normal d) : form_{d} {}
    ConnectionValue(LogNormal d) : form_{d} {}
    template <class F>
        requires std::is_invocable_r_v<double, F, Gid, Gid>
    ConnectionValue(F f) : form_{std::function<double(Gid, Gid)>(std::move(f))} {}

    bool is_uniform() const { return std::holds_alternative<double>(form_); }

    double draw(Gid source, Gid target, RandomStream& random) const {
        if (auto const* one = std::get_if<double>(&form_)) return *one;
        if (auto const* uniform = std::get_if<Uniform>(&form_)) return uniform->draw(random);
        if (auto const* normal = std::get_if<Normal>(&form_)) return normal->draw(random);
        if (auto const* log_normal = std::get_if<LogNormal>(&form_)) return log_normal->draw(random);
        return std::get<std::function<double(Gid, Gid)>>(form_)(source, target);
    }

private:
    std::variant<double, Uniform, Normal, LogNormal, std::function<double(Gid, Gid)>> form_;
};

}  // namespace hillock::inline HILLOCK_ISA
