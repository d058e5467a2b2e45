// SPDX-License-Identifier: MIT
#pragma once

/// Morphologies from SWC files (Cannon et al., J Neurosci Methods 84:49, 1998): one line for each point,
///
///   id type x y z radius parent     um; type 1 soma, 2 axon, 3 dendrite, 4 apical dendrite; parent -1: root
///
/// and comments after #. A byte order mark, further columns and any kind of line end are accepted. Points of
/// any other type (0 undefined, -1, 7 and other custom types) are of their parent's kind, or dendrites if
/// they leave the soma or are the root; their sections are selected by the type in the file:
/// `shape.of_type(7)`. Points of type 5 and 6 that only mark a fork or an end have their parent's type.
///
/// The sections are those of NEURON's Import3d:
///
/// - A section of a neurite runs from a fork, or a change of type, to the next one. It begins at its parent's
///   point and is attached to x = 1. If the first point of a neurite forks, the first branch continues the
///   section, and the others are attached to x = 0. If the last branch is of another type, the first one does
///   not continue the section either and is attached to x = 1; if the point is the second one in the file,
///   all branches are.
/// - A section of the soma runs from soma point to soma point, whatever leaves it, and ends where the soma
///   itself forks. A neurite is attached to x = 0 at the root's first point, to 1 at the last point of a
///   section and to 0.5 in between. At 0 and 1 it begins at the soma's point, with the diameter of its own
///   first point; in between, and where the soma forks, it begins at its own first point, unless that is its
///   only one.
/// - A soma of one point becomes a cylinder as long as it is wide, and so do several points at one place and
///   three points in NeuroMorpho's manner (of one diameter, the second and third on either side of the first
///   at its radius, with nothing attached to them); all neurites are attached to 0.5.
/// - A section without length is left out, and its children are attached in its place.
/// - Names are soma, axon[0], dend[0], dend[1], apic[0], dend_7[0] (type 7), minus_1[0] (type -1), ... in the
///   order of the ids of the sections' first points; a single soma is called soma, not soma[0].
///
/// There are these differences. The order of ids has no other meaning (Import3d begins a section wherever a
/// point does not follow its parent's id directly: a soma behind whose first point the file has a dendrite is
/// two somas there). A section continues with a branch of its own type (in Import3d with the first branch of
/// a root, or of a neurite's first point, whatever its type). Marks of type 5 and 6 begin no sections. A
/// neurite of one point is kept even where the soma forks at the root. Sections without length are left out
/// even if they have more than two points. Coordinates are not rounded to single precision. Violations of
/// these rules are errors, where Import3d continues with what it has. If the sections turn out different, the
/// morphology's `notices` say so; `SwcOptions{.import3d = true}` makes those of Import3d.

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <hillock/files/input_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/morphology.hpp>
#include <hillock/model/swc_import3d.hpp>
#include <hillock/model/swc_options.hpp>
#include <hillock/model/swc_sections.hpp>
#include <hillock/model/swc_tree.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {
namespace swc {

/// NEURON's name for sections of a type.
template <class = void>
std::string name_of(std::int64_t type) {
    switch (type) {
        case 1: return "soma";
        case 2: return "axon";
        case 3: return "dend";
        case 4: return "apic";
        default:
            return type < 0 ? "minus_" + fmt::format("{}", type).substr(1) : fmt::format("dend_{}", type);
    }
}

/// The name of each piece: its type's and its number among those of the type.
std::vector<std::string> names_of(auto const& pieces) {
    std::map<std::int64_t, std::size_t> totals, numbers;
    for (auto const& piece : pieces) ++totals[piece.type];
    std::vector<std::string> names;
    for (auto const& [type, kind, first, points, parent] : pieces)
        names.push_back(
            type == 1 && totals[type] == 1 ? "soma" : fmt::format("{}[{}]", name_of(type), numbers[type]++));
    return names;
}

Morphology morphology(auto const& samples, std::vector<Piece> const& pieces) {
    Morphology made;
    std::vector<Section*> sections;
    auto const names = names_of(pieces);
    for (auto const& piece : pieces) {
        if (has_no_length(piece)) samples.fail(piece.first, "the section that begins here has no length");
        auto& section = made.add({.name = names[sections.size()]}, piece.kind, piece.type);
        section.pt3d(piece.points);
        if (!(section.L <= largest))
            samples.fail(piece.first, "the section that begins here is {} um long, longer than {}", section.L,
                         largest);
        sections.push_back(&section);
    }
    for (std::size_t k = 0; k < pieces.size(); ++k)
        if (auto const& parent = pieces[k].parent)
            sections[k]->connect((*sections[parent->piece])(parent->x));
    return made;
}

/// Describes a piece by name, length, place and first point.
std::string describe(auto const& samples, std::vector<Piece> const& pieces, std::size_t k) {
    if (k >= pieces.size()) return "no other section";
    auto const names = names_of(pieces);
    auto const& [type, kind, first, points, parent] = pieces[k];
    auto const where = parent ? fmt::format(" on {}({})", names[parent->piece], parent->x) : "";
    return fmt::format("{} of {:.6g} um{} from point {} (line {})", names[k], length(pieces[k]), where,
                       samples[first].id, samples[first].line);
}

/// For each piece the one of `others` that is the same section; none unless they are the same in some order.
template <class = void>
std::optional<std::vector<std::size_t>> counterparts(std::vector<Piece> const& some,
                                                     std::vector<Piece> const& others) {
    if (some.size() != others.size()) return {};
    auto const end_of = [](Piece const& piece) {
        auto const& last = piece.points.back();
        return std::array{last.x, last.y, last.z};
    };
    std::map<std::array<double, 3>, std::size_t> by_end;
    for (std::size_t k = 0; k < others.size(); ++k) by_end[end_of(others[k])] = k;
    std::vector<std::size_t> all;
    for (auto const& one : some) {
        auto const found = by_end.find(end_of(one));
        if (found == by_end.end()) return {};
        all.push_back(found->second);
        by_end.erase(found);  // of sections with one end only one is found
    }
    for (std::size_t k = 0; k < some.size(); ++k) {
        auto one = some[k];
        if (one.parent) one.parent->piece = all[one.parent->piece];
        one.first = others[all[k]].first;  // of points at one place either may be the first
        if (one != others[all[k]]) return {};
    }
    return all;
}

/// Describes the first difference from the sections of Import3d; none if all are equal.
std::optional<std::string> difference(auto const& samples, std::vector<Piece> const& ours) {
    if (auto const k = before_its_parent(samples))
        return fmt::format(
            "{}: NEURON's Import3d cannot read this file: the id of point {} (line {}) is below its parent's",
            samples.path(), samples[*k].id, samples[*k].line);
    auto const theirs = Import3d(samples).pieces();
    if (ours == theirs) return {};
    auto const same = counterparts(ours, theirs);
    if (same) {
        auto const names = names_of(ours), their_names = names_of(theirs);
        bool is_equal = true;
        for (std::size_t k = 0; k < names.size(); ++k)
            is_equal = is_equal && names[k] == their_names[(*same)[k]];
        if (is_equal) return {};
    }
    std::size_t k = 0;
    while (k < ours.size() && k < theirs.size() && ours[k] == theirs[k]) ++k;
    auto const how =
        same ? std::string("the sections of this file in another order")
             : fmt::format("other sections of this file, {} where here are {}", theirs.size(), ours.size());
    return fmt::format(
        "{}: NEURON's Import3d makes {}: first {} where here is {}; SwcOptions{{.import3d = true}} "
        "gives Import3d's",
        samples.path(), how, describe(samples, theirs, k), describe(samples, ours, k));
}

}  // namespace swc

/// Reads the morphology in an SWC file. Throws, with the number of the line, if it is not one tree of points
/// with positive radii, unless `options` say what to do. The `notices` of the morphology tell what was done,
/// and where its sections differ from those of NEURON's Import3d. `File` reads its lines.
template <class File = InputFile>
Morphology read_swc(std::filesystem::path const& path, SwcOptions const& options = {}) {
    swc::Samples<File> const samples(path, options);
    if (auto const k = swc::before_its_parent(samples); k && options.import3d)
        samples.fail(*k, "its id is below that of its parent, point {}: NEURON's Import3d cannot read that",
                     samples[*k].parent_id);
    auto const pieces = options.import3d ? swc::Import3d(samples).pieces() : swc::Grower(samples).pieces();
    auto made = swc::morphology(samples, pieces);
    made.notices = samples.notices();
    if (!options.import3d)
        if (auto const notice = swc::difference(samples, pieces)) made.notices.push_back(*notice);
    return made;
}

}  // namespace hillock::inline HILLOCK_ISA
