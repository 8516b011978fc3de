// Questions from a file: of conversations, what their user asks, and what their assistant answers
// as what is right; or items as `melete eval` reads them, with their graders.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "reinforce/questions.h"

namespace melete::train {

// At most `most` of them, drawn by `seed` where there are more. The first line tells which kind of
// file it is. An answer to a conversation's question is right that says the same as the
// assistant's: as its last line "Answer: ..." where that has one, else as the whole; an answer to
// an item's, where its grader says so. A `verifier` checks in their place, unless it is null; it
// gets whole answers.
//
// Fails as FileSource::open() and example(), or eval::read_items(), do, and with InvalidArgument
// where a conversation is not one question with its answer. Pictures and sounds are in memory from
// then on.
Result<QuestionList> file_questions(const std::filesystem::path& file, int64_t most, uint64_t seed,
                                    const std::shared_ptr<const Verifier>& verifier = nullptr);

}  // namespace melete::train
