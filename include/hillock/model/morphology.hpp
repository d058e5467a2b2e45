// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <hillock/model/section.hpp>

namespace hillock {

/// What a part of a neuron is, with the numbers of SWC files.
enum class Kind { soma = 1, axon = 2, dend = 3, apic = 4 };

/// Connected sections that come from data, a file say, each of one kind. A copy's sections are connected among themselves.
class Morphology {
public:
    Morphology() = default;
    Morphology(std::vector<Section> sections, std::vector<Kind> kinds) : sections_{std::move(sections)}, kinds_{std::move(kinds)} {}
    Morphology(Morphology const& other) : sections_{other.sections_}, kinds_{other.kinds_} { reconnect(other.sections_); }
    Morphology(Morphology&&) = default;  // a vector that is moved keeps its elements where they are
    Morphology& operator=(Morphology other) {
        sections_ = std::move(other.sections_);
        kinds_ = std::move(other.kinds_);
        return *this;
    }

    std::vector<Section>& sections() { return sections_; }
    std::vector<Section> const& sections() const { return sections_; }

    /// All sections, or those of a kind; there may be none.
    Subset all() const {
        Subset subset;
        for (auto const& section : sections_) subset.add(section);
        return subset;
    }
    Subset of(Kind kind) const {
        Subset subset;
        for (std::size_t k = 0; k < sections_.size(); ++k)
            if (kinds_[k] == kind) subset.add(sections_[k]);
        return subset;
    }
    Subset soma() const { return of(Kind::soma); }
    Subset axon() const { return of(Kind::axon); }
    Subset dend() const { return of(Kind::dend); }
    Subset apic() const { return of(Kind::apic); }

private:
    void reconnect(std::vector<Section> const& original) {
        for (auto& section : sections_)
            if (section.parent.section) section.parent.section = &sections_[static_cast<std::size_t>(section.parent.section - original.data())];
    }

    std::vector<Section> sections_;
    std::vector<Kind> kinds_;
};

/// For create_sections().
inline std::vector<Section*> sections(Morphology& morphology) {
    std::vector<Section*> each;
    for (auto& section : morphology.sections()) each.push_back(&section);
    return each;
}

}  // namespace hillock
