// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include <hillock/archive/digest.hpp>
#include <hillock/spikes/file.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/spike.hpp>

using namespace hillock;

namespace {

struct SpikeFile {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "hillock_test_spikes.dat";
    SpikeFile() = default;
    explicit SpikeFile(std::string const& text) { std::ofstream{path, std::ios::binary} << text; }
    ~SpikeFile() { std::filesystem::remove(path); }

    std::string text() const {
        std::ifstream file{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
};

Raster read(std::string const& text) { return read_spikes(SpikeFile{text}.path, 1000); }

std::string complaint(std::string const& text) {
    try {
        read(text);
    } catch (Error const& error) {
        std::string const what = error.what(), name = "hillock_test_spikes.dat";
        return what.substr(what.find(name) + name.size());
    }
    return "none";
}

}  // namespace

TEST_CASE("a spike file is the tutorial's, sorted by time, then gid") {
    SpikeFile const file;
    write_spikes(file.path, {{2.375, 750}, {2.375, 452}, {2.325, 4294967295}});
    CHECK(file.text() == "2.325000000000, 4294967295\n2.375000000000, 452\n2.375000000000, 750\n");
}

TEST_CASE("times are written digit for digit as %.12f writes them") {
    std::mt19937_64 random;
    Raster spikes{{0, 0}, {1e-13, 1}, {5e-13, 2}, {1e22, 3}, {std::numeric_limits<double>::max(), 4}};
    for (Gid i = 0; i < 2000; ++i) {
        spikes.push_back({static_cast<double>(i) * 0.025, i});
        spikes.push_back({static_cast<double>(random() >> 11) * 0x1p-43, i});
    }
    std::ranges::sort(spikes);
    std::string expected;
    char line[400];
    for (auto const& [time, gid] : spikes) {
        std::snprintf(line, sizeof line, "%.12f, %u\n", time, gid);
        expected += line;
    }
    SpikeFile const file;
    write_spikes(file.path, spikes);
    CHECK(file.text() == expected);
}

TEST_CASE("what is written is read") {
    SpikeFile const file;
    for (auto const& spikes :
         {Raster{}, Raster{{0, 0}}, Raster{{0.35, 7}, {0.35, 8}, {1000.025, 2}, {1000.025, 2}}}) {
        write_spikes(file.path, spikes);
        CHECK(read_spikes(file.path) == spikes);
    }
}

TEST_CASE("spikes whose times differ by less than is written are in order as written") {
    SpikeFile const file;
    auto const next = [](double time) { return std::nextafter(time, 1e300); };
    Raster const spikes{{1, 9}, {next(1), 5}, {next(next(1)), 3}, {1 + 1e-12, 1}, {1 + 1.4e-12, 0}, {-0., 4}};
    write_spikes(file.path, spikes);
    CHECK(file.text() == "0.000000000000, 4\n1.000000000000, 3\n1.000000000000, 5\n1.000000000000, 9\n"
                         "1.000000000001, 0\n1.000000000001, 1\n");
    auto const read = read_spikes(file.path);
    CHECK(read.size() == spikes.size());
    auto const text = file.text();
    write_spikes(file.path, read);
    CHECK(file.text() == text);
}

TEST_CASE("many spikes close together are read as they were written") {
    std::mt19937_64 random{1};
    for (double const from : {0., 0.35, 1000., 4095.9999999999, 8192., 1e6}) {
        Raster spikes;
        for (int k = 0; k < 3000; ++k)
            spikes.push_back(
                {from + static_cast<double>(random() % 1000) * 1e-14, static_cast<Gid>(random() % 20)});
        SpikeFile const file;
        write_spikes(file.path, spikes);
        CHECK(read_spikes(file.path).size() == spikes.size());
    }
}

TEST_CASE("spacing, line ends and blank lines at the end are free") {
    Raster const spikes{{0.5, 3}, {1.5, 2}};
    for (auto const* text :
         {"0.5,3\n1.5,2\n", "0.5, 3\r\n1.5, 2\r\n", " 0.5 ,\t3\n1.5,2", "5e-1,3\n1.50,2\n\n\n"})
        CHECK(read(text) == spikes);
    CHECK(read("").empty());
    CHECK(read("\n").empty());
}

TEST_CASE("every fault of a spike file is named with its line") {
    CHECK(complaint("1,2\n0.5,3\n") ==
          ":2: the spike 0.5, 3 comes after 1, 2: must be in ascending (time, gid)");
    CHECK(complaint("1,2\n2,3\n2,1\n") ==
          ":3: the spike 2, 1 comes after 2, 3: must be in ascending (time, gid)");
    CHECK(complaint("1,999\n1.5,1000\n") == ":2: gid 1000: must be below the number of cells, 1000");
    CHECK(complaint("-0.025,1\n") == ":1: time -0.025 ms: must not be negative");
    CHECK(complaint("inf,1\n") == ":1: time 'inf' is not finite");
    CHECK(complaint("1,2\n3\n") == ":2: '3' has 1 field, must have 2: time,gid");
    CHECK(complaint("1 2\n") == ":1: '1 2' has 1 field, must have 2: time,gid");
    CHECK(complaint("1,2,3\n") == ":1: '1,2,3' has 3 fields, must have 2: time,gid");
    CHECK(complaint("1,x\n") == ":1: gid 'x' is not a whole number from 0 to 4294967295");
    CHECK(complaint("time,gid\n") == ":1: time 'time' is not a number");
    CHECK(complaint("1,2\n\n3,4\n") == ":3: a row after the blank line 2");
}

TEST_CASE("spikes that are none are not written") {
    SpikeFile const file{"old"};
    CHECK_THROWS_WITH_AS(write_spikes(file.path, {{-1, 3}}),
                         "spike of cell 3 at -1 ms: a time must be finite and not negative", Error);
    CHECK_THROWS_AS(write_spikes(file.path, {{std::numeric_limits<double>::quiet_NaN(), 3}}), Error);
    CHECK_THROWS_AS(write_spikes(file.path, {{std::numeric_limits<double>::infinity(), 3}}), Error);
    CHECK(file.text() == "old");
}

TEST_CASE("the digest of a raster changes with every time, cell and place of a spike") {
    Raster const spikes{{0.5, 3}, {1, 0}, {1, 2}};
    CHECK(digest(spikes) == digest(Raster(spikes)));
    for (auto const& other :
         {Raster{}, Raster{{0.5, 3}, {1, 0}}, Raster{{0.5, 3}, {1, 0}, {1, 3}},
          Raster{{0.5, 3}, {1, 0}, {std::nextafter(1., 2.), 2}}, Raster{{0.5, 3}, {1, 2}, {1, 0}}})
        CHECK(digest(spikes) != digest(other));
}

TEST_CASE("a file that cannot be written or read") {
    CHECK_THROWS_WITH_AS(write_spikes("/no/folder/f.dat", {}),
                         "cannot write '/no/folder/f.dat': No such file or directory", Error);
    CHECK_THROWS_WITH_AS(read_spikes("no/such.dat"), "cannot read 'no/such.dat': No such file or directory",
                         Error);
    if (std::filesystem::exists("/dev/full")) CHECK_THROWS_AS(write_spikes("/dev/full", {{1, 2}}), Error);
}
