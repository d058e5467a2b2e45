// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include <hillock/isa.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/random/stream.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The spike times of one NetStim, one after the other.
class NetStimSpikes {
public:
    NetStimSpikes(NetStim const& parameters, StreamId const& stream)
        : p_{parameters}, end_{p_.start + p_.duration}, random_{stream} {
        time_ = p_.start + random_part();
    }

    /// Whether there is a spike left.
    bool pending() const { return std::isfinite(p_.duration) ? time_ < end_ : count_ < p_.number; }
    /// Its time in ms.
    double time() const { return time_; }
    void next() {
        ++count_;
        time_ += (1 - p_.noise) * p_.interval + random_part();
    }

private:
    double random_part() { return p_.noise > 0 ? p_.noise * p_.interval * random_.exponential() : 0.; }

    NetStim p_;
    double end_;
    RandomStream random_;
    double time_ = 0, count_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
