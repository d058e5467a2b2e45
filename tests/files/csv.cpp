// SPDX-License-Identifier: MIT

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include <hillock/files/csv.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

using namespace hillock;

namespace {

/// A file of this text, gone at the end of the test.
struct TextFile {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "hillock_test_csv.csv";
    explicit TextFile(std::string const& text) { std::ofstream{path, std::ios::binary} << text; }
    ~TextFile() { std::filesystem::remove(path); }
};

using Events = CsvReader<Gid, double, std::int8_t>;

int count_rows(std::string const& text) {
    TextFile const file{text};
    Events csv{file.path, {"gid", "time", "synapse"}};
    int rows = 0;
    while (csv.next()) ++rows;
    return rows;
}

/// The reader's message about a text, without the file's name.
std::string complaint(std::string const& text) {
    try {
        count_rows(text);
    } catch (Error const& error) {
        std::string const what = error.what(), name = "hillock_test_csv.csv";
        return what.substr(what.find(name) + name.size());
    }
    return "none";
}

}  // namespace

TEST_CASE("rows are read in order, each field as its type") {
    TextFile const file{"gid,time,synapse\n4294967295,-1.5e-3,-128\n0, 2 ,\t127\n"};
    Events csv{file.path, {"gid", "time", "synapse"}};
    CHECK(csv.next() == Events::Row{4294967295u, -1.5e-3, -128});
    CHECK(csv.next() == Events::Row{0, 2, 127});
    CHECK_FALSE(csv.next());
    CHECK_FALSE(csv.next());
}

TEST_CASE("text for a message: 60 characters, the rest cut") {
    CHECK(hillock::quoted(std::string(60, 'a')) == "'" + std::string(60, 'a') + "'");
    CHECK(hillock::quoted(std::string(61, 'a')) == "'" + std::string(60, 'a') + "...'");
    CHECK(hillock::quoted("a\tb\xff") == "'a\\x09b\\xff'");
}

TEST_CASE("line ends and blank lines") {
    CHECK(count_rows("gid,time,synapse\n1,2,3\n") == 1);
    CHECK(count_rows("gid,time,synapse\n1,2,3") == 1);
    CHECK(count_rows("gid , time, synapse\r\n1,2,3\r\n4,5,6\r") == 2);
    CHECK(count_rows("gid,time,synapse\r1,2,3\r4,5,6") == 2);
    CHECK(count_rows("gid,time,synapse\n1,2,3\r4,5,6\r\n7,8,9\n\r\n") == 3);
    CHECK(count_rows("gid,time,synapse\n1,2,3\n\r\n \t\n\n") == 1);
    CHECK(count_rows("gid,time,synapse") == 0);
    CHECK(complaint("gid,time,synapse\n1,2,3\n\n\n4,5,6\n") == ":5: a row after the blank line 3");
}

TEST_CASE("a byte order mark is no text") {
    CHECK(count_rows("\xef\xbb\xbfgid,time,synapse\n1,2,3\n") == 1);
    CHECK(complaint("\xef\xbb\xbf") == ":1: empty, must begin with the header 'gid,time,synapse'");
    CHECK(complaint("\xef\xbbgid,time,synapse\n") ==
          ":1: the header is '\\xef\\xbbgid,time,synapse', must be 'gid,time,synapse'");
}

TEST_CASE("a file without line ends is not read until memory ends") {
    constexpr auto longest = InputFile::longest_line;
    std::string const header = "gid,time,synapse\n", row = "1,2,3";
    CHECK(count_rows(header + row + std::string(longest - row.size(), ' ') + "\n") == 1);
    CHECK(complaint(header + row + std::string(longest - row.size() + 1, ' ') + "\n") ==
          ":2: a line longer than 1048576 bytes: this is no text file");
    if (std::filesystem::exists("/dev/zero"))
        CHECK_THROWS_WITH_AS((CsvReader<int>{"/dev/zero", {"a"}}),
                             "/dev/zero:1: a line longer than 1048576 bytes: this is no text file", Error);
}

TEST_CASE("a file without a header") {
    TextFile const file{"1,2\n3,4"};
    CsvReader<int, int> csv{file.path, {"a", "b"}, CsvHeader::none};
    CHECK(csv.next() == std::tuple{1, 2});
    CHECK(csv.next() == std::tuple{3, 4});
    CHECK_FALSE(csv.next());
}

TEST_CASE("every deviation is named with its line") {
    std::string const header = "gid,time,synapse\n", row = "1,2,3\n";
    CHECK(complaint("") == ":1: empty, must begin with the header 'gid,time,synapse'");
    CHECK(complaint("gid,synapse,time\n") ==
          ":1: the header is 'gid,synapse,time', must be 'gid,time,synapse'");
    CHECK(complaint("gid,time\n") == ":1: 'gid,time' has 2 fields, must have 3: gid,time,synapse");
    CHECK(complaint(header + row + "1,2,3,\n") == ":3: '1,2,3,' has 4 fields, must have 3: gid,time,synapse");
    CHECK(complaint(header + row + "1\n") == ":3: '1' has 1 field, must have 3: gid,time,synapse");
    CHECK(complaint(header + "1,abc,3\n") == ":2: time 'abc' is not a number");
    CHECK(complaint(header + "1,2x,3\n") == ":2: time '2x' is not a number");
    CHECK(complaint(header + "1,,3\n") == ":2: time '' is not a number");
    CHECK(complaint(header + "1,nan,3\n") == ":2: time 'nan' is not finite");
    CHECK(complaint(header + "1,-inf,3\n") == ":2: time '-inf' is not finite");
    CHECK(complaint(header + "1,1e999,3\n") ==
          ":2: time '1e999' is too large or too small for a number here");
    CHECK(complaint(header + "1.0,2,3\n") == ":2: gid '1.0' is not a whole number from 0 to 4294967295");
    CHECK(complaint(header + "-1,2,3\n") == ":2: gid '-1' is not a whole number from 0 to 4294967295");
    CHECK(complaint(header + "4294967296,2,3\n") ==
          ":2: gid '4294967296' is not a whole number from 0 to 4294967295");
    CHECK(complaint(header + "1,2,128\n") == ":2: synapse '128' is not a whole number from -128 to 127");
}

TEST_CASE("a reader's own complaint bears file and line") {
    TextFile const file{"t\n1\n2\n"};
    CsvReader<double> csv{file.path, {"t"}};
    csv.next();
    csv.next();
    CHECK_THROWS_WITH_AS(csv.fail("time {}: no", 2), (file.path.string() + ":3: time 2: no").c_str(), Error);
}

TEST_CASE("lines that cross or exceed the pieces in which a file is read") {
    std::string text = "gid,time,synapse\n";
    constexpr int rows = 60000;  // several pieces
    for (int i = 0; i < rows; ++i) text += std::to_string(i) + "," + std::to_string(i) + ".5,1\n";
    {
        TextFile const file{text};
        Events csv{file.path, {"gid", "time", "synapse"}};
        Gid expected = 0;
        while (auto const row = csv.next()) {
            REQUIRE(*row == Events::Row{expected, expected + 0.5, 1});
            ++expected;
        }
        CHECK(expected == rows);
    }
    CHECK(count_rows("gid,time,synapse\n1," + std::string(1'000'000, ' ') + "2,3\n4,5,6") == 2);
    for (std::string const line_end : {"\n", "\r\n", "\r"})  // on either side of where a piece ends
        for (std::size_t end = (1 << 17) - 3; end < (1 << 17) + 3; ++end) {
            CAPTURE(end);
            auto const line = std::string{"gid,time,synapse\n1,2,3"};
            CHECK(count_rows(line + std::string(end - line.size(), ' ') + line_end + "4,5,6\n") == 2);
        }
}

TEST_CASE("a file that cannot be read") {
    CHECK_THROWS_WITH_AS((CsvReader<int>{"no/such.csv", {"a"}}),
                         "cannot read 'no/such.csv': No such file or directory", Error);
    CHECK_THROWS_WITH_AS((CsvReader<int>{"/", {"a"}}), "cannot read '/': Is a directory", Error);
}
