// SPDX-License-Identifier: MIT

/// The main program of the tests with mutants: notes which mutants' places each test case passes, and how long it takes.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

class Trace : public doctest::IReporter {
public:
    explicit Trace(doctest::ContextOptions const&) {
        if (auto const* path = std::getenv("HILLOCK_MUTANTS_TRACE")) file_ = std::fopen(path, "w");
    }
    ~Trace() override {
        if (file_) std::fclose(file_);
    }

    void test_case_start(doctest::TestCaseData const& test) override {
        name_ = test.m_name;
        start_ = std::chrono::steady_clock::now();
        for (int k = 0; k < hillock_mutants::count; ++k) hillock_mutants::reached[k] = 0;
    }
    void test_case_end(doctest::CurrentTestCaseStats const&) override {
        if (!file_) return;
        auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
        std::fprintf(file_, "%s\t%.3f\t", name_, seconds);
        for (int k = 0; k < hillock_mutants::count; ++k)
            if (hillock_mutants::reached[k]) std::fprintf(file_, " %d", k);
        std::fprintf(file_, "\n");
    }

    void report_query(doctest::QueryData const&) override {}
    void test_run_start() override {}
    void test_run_end(doctest::TestRunStats const&) override {}
    void test_case_reenter(doctest::TestCaseData const&) override {}
    void test_case_exception(doctest::TestCaseException const&) override {}
    void subcase_start(doctest::SubcaseSignature const&) override {}
    void subcase_end() override {}
    void log_assert(doctest::AssertData const&) override {}
    void log_message(doctest::MessageData const&) override {}
    void test_case_skipped(doctest::TestCaseData const&) override {}

private:
    std::FILE* file_ = nullptr;
    char const* name_ = "";
    std::chrono::steady_clock::time_point start_;
};

DOCTEST_REGISTER_LISTENER("trace", 1, Trace);

}  // namespace
