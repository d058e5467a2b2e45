// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <utility>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::handles {

/// The base of a network: handles find the network after it has been moved, and know when it is gone. A copy
/// has handles of its own.
template <class Network>
class Addressed {
public:
    /// The address of the network; null when it is gone.
    std::shared_ptr<Network* const> address() {
        if (!address_) address_ = std::make_shared<Network*>(static_cast<Network*>(this));
        return address_;
    }

protected:
    Addressed() = default;
    Addressed(Addressed const&) {}
    Addressed(Addressed&& other) noexcept { *this = std::move(other); }
    Addressed& operator=(Addressed&& other) noexcept {
        leave();
        address_ = std::move(other.address_);
        if (address_) *address_ = static_cast<Network*>(this);
        return *this;
    }
    ~Addressed() { leave(); }

private:
    void leave() noexcept {
        if (address_) *address_ = nullptr;
    }

    std::shared_ptr<Network*> address_;  // made for the first handle
};

}  // namespace hillock::inline HILLOCK_ISA::handles
