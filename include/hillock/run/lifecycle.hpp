// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Whether a network is in the middle of a run, where nothing may be changed, or was left there by an error,
/// so that it cannot go on.
class Lifecycle {
public:
    /// Throws during a run: `call` has come from a callback.
    void require_idle(std::string_view call) const {
        require(state_ != State::running, "{}: called from inside a run, where nothing may be changed", call);
    }

    /// Throws also if an error has ended the last run half-way.
    void require_ready(std::string_view call) const {
        require_idle(call);
        require(state_ != State::broken,
                "{}: an error has ended the last run half-way; reset() the network first", call);
    }

    /// A run, from here to the end of the object's life; half-way if it ends before `complete()`.
    class Run {
    public:
        explicit Run(Lifecycle& owner) : owner_{owner} { owner.state_ = State::running; }
        ~Run() {
            if (owner_.state_ == State::running) owner_.state_ = State::broken;
        }
        Run(Run const&) = delete;
        Run& operator=(Run const&) = delete;

        void complete() { owner_.state_ = State::idle; }

    private:
        Lifecycle& owner_;
    };

    void visit(auto& archive) { archive(state_, State::idle); }

private:
    enum class State { idle, running, broken };
    State state_ = State::idle;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
