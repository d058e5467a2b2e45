// SPDX-License-Identifier: MIT

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

#include <doctest/doctest.h>

#include <hillock/files/output_file.hpp>
#include <hillock/words/error.hpp>

using namespace hillock;
namespace fs = std::filesystem;

namespace {

/// An empty folder, gone at the end of the test.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("hillock_test_output_" + std::to_string(getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }

    auto files() const { return std::distance(fs::directory_iterator{path}, {}); }
};

std::string text_of(fs::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write(fs::path const& path, std::string const& text) {
    OutputFile file{path};
    file.write(text);
    file.commit();
}

}  // namespace

TEST_CASE("a file appears with its commit, whole") {
    Folder const folder;
    auto const path = folder.path / "it's a \"file\".txt";
    std::string expected;
    {
        OutputFile file{path};
        for (int i = 0; i < 30000; ++i) {  // more than is held back
            file.print("{},{}\n", i, "x");
            expected += std::to_string(i) + ",x\n";
        }
        file.write("end");
        CHECK_FALSE(fs::exists(path));
        file.commit();
    }
    CHECK(text_of(path) == expected + "end");
    CHECK(folder.files() == 1);
}

TEST_CASE("without a commit nothing changes") {
    Folder const folder;
    auto const path = folder.path / "file";
    write(path, "old");
    {
        OutputFile file{path};
        file.write(std::string(200'000, 'n'));
    }
    CHECK(text_of(path) == "old");
    CHECK(folder.files() == 1);
}

TEST_CASE("an existing file is replaced: a link stays, permissions too, nobody's temporary is touched") {
    Folder const folder;
    auto const path = folder.path / "file", link = folder.path / "link", other = folder.path / "file.part0";
    write(path, "old and long");
    write(other, "of another run");
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink("file", link);
    write(link, "new");
    CHECK(fs::is_symlink(link));
    CHECK(text_of(path) == "new");
    CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(text_of(other) == "of another run");
    CHECK(folder.files() == 3);
}

TEST_CASE("what cannot be written is named with the reason") {
    Folder const folder;
    CHECK_THROWS_WITH_AS(write("/no/such/folder/f", "x"),
                         "cannot write '/no/such/folder/f': No such file or directory", Error);
    CHECK_THROWS_WITH_AS(write(folder.path, "x"),
                         ("cannot write '" + folder.path.string() + "': Is a directory").c_str(), Error);
    CHECK_THROWS_WITH_AS(write("", "x"), "cannot write '': No such file or directory", Error);
}

TEST_CASE("a full device: few bytes fail at the commit, many before it") {
    if (!fs::exists("/dev/full")) return;
    CHECK_THROWS_WITH_AS(write("/dev/full", "x"), "cannot write '/dev/full': No space left on device", Error);
    OutputFile file{"/dev/full"};
    CHECK_THROWS_AS(file.write(std::string(1'000'000, 'x')), Error);
    CHECK(fs::is_character_file("/dev/full"));
}

TEST_CASE("nothing is written after the commit") {
    Folder const folder;
    OutputFile file{folder.path / "file"};
    file.commit();
    file.write("late");
    CHECK_THROWS_AS(file.commit(), Error);
    CHECK(text_of(folder.path / "file").empty());
}
