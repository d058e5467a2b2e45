// SPDX-License-Identifier: MIT
#pragma once

/// The weight or delay of a projection, a number or what to draw it from.
///
/// Drawn delays, like all delays, are rounded to the nearest step of dt. A step at an end of `Uniform` or
/// `Truncated` therefore gets half as many delays as one in between: of `Uniform{1, 2}` with dt = 0.025 ms
/// the delays 1 and 2 ms are half as likely as 1.025 ms. `Uniform{0.9875, 2.0125}` makes all of them equally
/// likely.

#include <cmath>
#include <concepts>
#include <functional>
#include <limits>
#include <type_traits>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Draws the weight or delay of a single connection from a stream. A distribution that also has `void
/// require_possible() const` can refuse its own numbers before anything is drawn.
template <class D>
concept Distribution = requires(D const distribution, RandomStream& random) {
    { distribution.draw(random) } -> std::convertible_to<double>;
};

/// Throws if a distribution refuses its own numbers.
void require_possible(Distribution auto const& distribution) {
    if constexpr (requires { distribution.require_possible(); }) distribution.require_possible();
}

/// Uniform in (low, high).
struct Uniform {
    double low, high;  // in the unit of the value
    double draw(RandomStream& random) const { return low + (high - low) * random.uniform(); }

    void require_possible() const {
        require(std::isfinite(low) && std::isfinite(high) && low <= high,
                "Uniform{{{}, {}}}: both ends must be finite, and the lower one not above the upper one", low,
                high);
    }
};
/// Normal, with mean and standard deviation.
struct Normal {
    double mean, sd;  // in the unit of the value
    double draw(RandomStream& random) const { return mean + sd * random.normal(); }

    void require_possible() const {
        require(std::isfinite(mean) && std::isfinite(sd) && sd >= 0,
                "Normal{{{}, {}}}: mean and sd must be finite, and sd not negative", mean, sd);
    }
};
/// exp of a normal variable of mean `mu` and standard deviation `sigma`.
struct LogNormal {
    double mu, sigma;  // of the logarithm
    double draw(RandomStream& random) const { return std::exp(mu + sigma * random.normal()); }

    void require_possible() const {
        require(std::isfinite(mu) && std::isfinite(sigma) && sigma >= 0,
                "LogNormal{{{}, {}}}: mu and sigma must be finite, and sigma not negative", mu, sigma);
    }
};

/// A distribution that is drawn from again while the number is outside of [low, high], either of which may be
/// infinite: `Truncated{Normal{1, 0.5}, 0.1, 2}`. At least some in a million draws must be inside: a million
/// in a row that are not throw an `Error`.
template <Distribution D>
class Truncated {
public:
    /// Cuts `whole` to [low, high].
    Truncated(D whole, double low, double high = std::numeric_limits<double>::infinity())
        : whole_{std::move(whole)}, low_{low}, high_{high} {
        require(low <= high, "Truncated to [{}, {}]: the lower end must not be above the upper one", low,
                high);
        require_possible(whole_);
    }

    double draw(RandomStream& random) const {
        for (int attempt = 0; attempt < attempts; ++attempt)
            if (auto const number = whole_.draw(random); low_ <= number && number <= high_) return number;
        raise("Truncated to [{}, {}]: {} draws in a row were outside; the distribution must "
              "give numbers between these",
              low_, high_, attempts);
    }

private:
    static constexpr int attempts = 1000000;

    D whole_;
    double low_, high_;
};

/// The weight or delay of a projection: one number for all its connections, a distribution (`Uniform`,
/// `Normal`, `LogNormal`, each also `Truncated`, or one of your own), or a function of (source, target).
class ConnectionValue {
public:
    /// One number, weights in uS or nA, delays in ms.
    ConnectionValue(double number) : number_{number} {}
    /// A number drawn for each connection.
    template <Distribution D>
    ConnectionValue(D distribution) {
        require_possible(distribution);
        draw_ = [d = std::move(distribution)](Gid, Gid, RandomStream& random) -> double {
            return d.draw(random);
        };
    }
    /// A function of (source, target).
    template <class F>
        requires std::is_invocable_r_v<double, F&, Gid, Gid>
    ConnectionValue(F f)
        : draw_{[f = std::move(f)](Gid source, Gid target, RandomStream&) mutable -> double {
              return f(source, target);
          }} {}

    /// Whether it is one number.
    bool is_uniform() const { return !draw_; }

    /// The value of a connection.
    double draw(Gid source, Gid target, RandomStream& random) const {
        return draw_ ? draw_(source, target, random) : number_;
    }

private:
    double number_ = 0;
    std::function<double(Gid, Gid, RandomStream&)> draw_;
};

}  // namespace hillock::inline HILLOCK_ISA
