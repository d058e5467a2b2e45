// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Whether a network is in the middle of a run, where nothing may be changed; at a pause of one, where it may
/// not be run or reset; or was left in a run by an error, so that it cannot go on; or has moved elsewhere.
class Lifecycle {
public:
    Lifecycle() = default;
    /// Throws during a run, and after an error has ended one half-way.
    Lifecycle(Lifecycle const& other) { other.require_ready("copy"); }
    /// Ends the program if a network moves away from under its own run.
    Lifecycle(Lifecycle&& other) noexcept { *this = std::move(other); }
    Lifecycle& operator=(Lifecycle&& other) noexcept {
        require_no_run("assign");
        other.require_no_run("move");
        state_ = std::exchange(other.state_, State::gone);
        return *this;
    }

    /// Throws if the network has moved elsewhere.
    void require_here(std::string_view call) const {
        require(state_ != State::gone, "{}: the network has been moved; use the one that it was moved to",
                call);
    }

    /// Throws during a run: `call` has come from a callback.
    void require_idle(std::string_view call) const {
        require(state_ != State::running, "{}: called from inside a run, where nothing may be changed", call);
        require_here(call);
    }

    /// Throws also if an error has ended the last run half-way.
    void require_sound(std::string_view call) const {
        require_idle(call);
        require(state_ != State::broken,
                "{}: an error has ended the last run half-way; reset() the network first", call);
    }

    /// Throws also at a pause.
    void require_outside(std::string_view call) const {
        require_here(call);
        require_no_run(call);
    }

    /// Throws unless a run may begin.
    void require_ready(std::string_view call) const {
        require_outside(call);
        require_sound(call);
    }

    /// A run, from its first `go()` to the end of the object's life; half-way if that ends before
    /// `complete()`.
    class Run {
    public:
        explicit Run(Lifecycle& owner) : owner_{owner} {}
        ~Run() {
            if (owner_.state_ != State::idle) owner_.state_ = State::broken;
        }
        Run(Run const&) = delete;
        Run& operator=(Run const&) = delete;

        void go() { owner_.state_ = State::running; }
        void pause() { owner_.state_ = State::paused; }
        void complete() { owner_.state_ = State::idle; }

    private:
        Lifecycle& owner_;
    };

    void visit(auto& archive) { archive(state_, State::idle); }

private:
    void require_no_run(std::string_view call) const {
        if (state_ != State::gone) require_idle(call);
        require(state_ != State::paused, "{}: called from inside a run, by RunOptions.at", call);
    }

    enum class State { idle, running, paused, broken, gone };
    State state_ = State::idle;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
