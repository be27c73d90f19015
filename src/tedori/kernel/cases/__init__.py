"""Whatever a person must judge: with an owner, a deadline, a history and an answer to who raised it."""
