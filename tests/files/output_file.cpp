// SPDX-License-Identifier: MIT

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <hillock/files/output_file.hpp>
#include <hillock/words/error.hpp>

using namespace hillock;
using files::Temporary;
namespace fs = std::filesystem;

namespace {

constexpr std::array kinds{Temporary::unnamed, Temporary::named};

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

void write(fs::path const& path, std::string const& text, Temporary kind = Temporary::unnamed) {
    OutputFile file{path, kind};
    file.write(text);
    file.commit();
}

/// Does something in a process of its own; its status as of `wait`.
int in_child(auto&& work) {
    auto const child = fork();
    if (child == 0) {
        work();
        std::_Exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

}  // namespace

TEST_CASE("a file appears with its commit, whole") {
    for (auto const kind : kinds) {
        Folder const folder;
        auto const path = folder.path / "it's a \"file\".txt";
        std::string expected;
        {
            OutputFile file{path, kind};
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
        write(path, "", kind);
        CHECK(text_of(path).empty());
    }
}

TEST_CASE("without a commit nothing changes") {
    for (auto const kind : kinds) {
        Folder const folder;
        auto const path = folder.path / "file";
        write(path, "old");
        {
            OutputFile file{path, kind};
            file.write(std::string(200'000, 'n'));
        }
        CHECK(text_of(path) == "old");
        CHECK(folder.files() == 1);
    }
}

TEST_CASE("an existing file is replaced: a link stays, permissions too, nobody's temporary is touched") {
    for (auto const kind : kinds) {
        Folder const folder;
        auto const path = folder.path / "file", link = folder.path / "link",
                   other = folder.path / (".hillock-" + std::to_string(getpid()) + "-0");
        write(path, "old and long");
        write(other, "of another run");
        fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
        fs::create_symlink("file", link);
        write(link, "new", kind);
        CHECK(fs::is_symlink(link));
        CHECK(text_of(path) == "new");
        CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        CHECK(text_of(other) == "of another run");
        CHECK(folder.files() == 3);
    }
}

TEST_CASE("a link to a file that is not there yet stays, and the file is made") {
    Folder const folder;
    fs::create_directory(folder.path / "data");
    fs::create_symlink("data/second", folder.path / "first");
    fs::create_symlink("third", folder.path / "data/second");
    write(folder.path / "first", "text");
    CHECK(fs::is_symlink(folder.path / "first"));
    CHECK(fs::is_symlink(folder.path / "data/second"));
    CHECK_FALSE(fs::is_symlink(folder.path / "data/third"));
    CHECK(text_of(folder.path / "data/third") == "text");
    fs::create_symlink("circle", folder.path / "circle");
    CHECK_THROWS_AS(OutputFile{folder.path / "circle"}, Error);
}

TEST_CASE("a name may be as long as the file system lets it; a longer one is refused at once") {
    for (auto const kind : kinds) {
        Folder const folder;
        auto const longest = folder.path / std::string(255, 'n');
        write(longest, "text", kind);
        CHECK(text_of(longest) == "text");
        CHECK_THROWS_AS(OutputFile(folder.path / std::string(256, 'n'), kind), Error);
        CHECK(folder.files() == 1);
    }
}

TEST_CASE("files that earlier runs have left do not matter") {
    for (auto const kind : kinds) {
        Folder const folder;
        for (int k = 0; k < 1100; ++k) {
            std::ofstream{folder.path / ("file.part" + std::to_string(k))};
            std::ofstream{folder.path / (".hillock-" + std::to_string(getpid()) + "-" + std::to_string(k))};
        }
        write(folder.path / "file", "text", kind);
        CHECK(text_of(folder.path / "file") == "text");
        CHECK(folder.files() == 2201);
    }
}

TEST_CASE("a process that a signal ends leaves nothing behind") {
    for (auto const signal : {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGKILL}) {
        CAPTURE(signal);
        Folder const folder;
        auto const die = [&](Temporary kind, std::size_t bytes) {
            OutputFile file{folder.path / "file", kind};
            file.write(std::string(bytes, 'n'));
            std::signal(signal, SIG_DFL);
            std::raise(signal);
        };
        CHECK(WIFSIGNALED(in_child([&] { die(Temporary::unnamed, 200'000); })));
        CHECK(folder.files() == 0);
        CHECK(WIFSIGNALED(in_child([&] { die(Temporary::named, 1000); })));
        CHECK(folder.files() == 0);
    }
}

TEST_CASE("a file stays where it was opened when the program goes to another folder") {
    Folder const folder;
    auto const before = fs::current_path();
    fs::current_path(folder.path);
    {
        OutputFile file{"file"};
        file.write("text");
        fs::current_path(before);
        file.commit();
    }
    CHECK(text_of(folder.path / "file") == "text");
}

TEST_CASE("what is printed on a stream that was closed does not get into a file") {
    Folder const folder;
    in_child([&] {
        for (int stream : {0, 1, 2}) close(stream);
        OutputFile file{folder.path / "file"};
        file.write("text");
        std::fputs("printed", stdout);
        std::fflush(stdout);
        std::fputs("printed", stderr);
        file.commit();
    });
    CHECK(text_of(folder.path / "file") == "text");
    auto const refused = in_child([&] {
        close(STDOUT_FILENO);
        try {
            OutputFile{"/dev/stdout"};
        } catch (Error const&) {
            std::_Exit(7);
        }
    });
    CHECK(WEXITSTATUS(refused) == 7);
}

TEST_CASE("stdout and stderr take a file's text where it was written") {
    Folder const folder;
    auto const path = folder.path / "printed";
    in_child([&] {
        if (!std::freopen(path.c_str(), "w", stdout)) std::_Exit(1);
        OutputFile file{"/dev/stdout"};
        std::fputs("before ", stdout);
        file.write("text");
        file.commit();
        std::fputs(" after", stdout);
        std::fflush(stdout);
    });
    CHECK(text_of(path) == "before text after");
}

TEST_CASE("what cannot be written is named with the reason") {
    Folder const folder;
    CHECK_THROWS_WITH_AS(write("/no/such/folder/f", "x"),
                         "cannot write '/no/such/folder/f': No such file or directory", Error);
    CHECK_THROWS_WITH_AS(write(folder.path, "x"),
                         ("cannot write '" + folder.path.string() + "': Is a directory").c_str(), Error);
    write(folder.path / "file", "x");
    CHECK_THROWS_WITH_AS(write(folder.path / "file/", "x"),
                         ("cannot write '" + (folder.path / "file/").string() + "': Is a directory").c_str(),
                         Error);
    CHECK_THROWS_AS(write(folder.path / "new/", "x"), Error);
    CHECK(folder.files() == 1);
    CHECK_THROWS_WITH_AS(write("", "x"), "cannot write '': No such file or directory", Error);
}

TEST_CASE("a full device: few bytes fail at the commit, many before it") {
    if (!fs::exists("/dev/full")) return;
    CHECK_THROWS_WITH_AS(write("/dev/full", "x"), "cannot write '/dev/full': No space left on device", Error);
    OutputFile file{"/dev/full"};
    CHECK_THROWS_AS(file.write(std::string(1'000'000, 'x')), Error);
    CHECK_THROWS_WITH_AS(file.commit(), "/dev/full: written to after it was committed, or after a failure",
                         Error);
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
