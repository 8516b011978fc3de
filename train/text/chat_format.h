// How a conversation is written for our models; the same text for training and, as a template in
// the model's file, for serving.

#pragma once

#include <string>
#include <string_view>

namespace melete::train {

// Jinja over `messages` with `role` and `content`; media are marked inside the content.
inline constexpr std::string_view kChatTemplate =
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

// What stands before the user's first part.
inline constexpr std::string_view kQuestionStart = "<|im_start|>user\n";

// What stands between the user's last part and the answer.
inline constexpr std::string_view kQuestionEnd = "<|im_end|>\n<|im_start|>assistant\n";

// What the model writes: its reasoning, if any, in the tags that the engine looks for and opens,
// then the answer and the end of its turn.
std::string written_turn(std::string_view reasoning, std::string_view answer);

}  // namespace melete::train
