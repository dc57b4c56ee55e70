"""Mutants of single values: ids, URLs, statuses."""

from .change import Changes, evaluation, listed, result, run, whole

CHANGES: Changes = {
    "unique-result-ids:twice": ("two results have the same id", result(1, id=910101)),
    "unique-result-ids:queued": (
        "two results of a queued run have the same id",
        whole(simulation_result_ids=["910101", "910101"]),
        "$.simulation_result_ids[0]",
    ),
    "unique-run-ids:twice": (
        "two runs of a simulation have the same id",
        listed(1, id=48213),
        "$.simulation_runs[0].id",
    ),
    "ids-not-empty:queued-run": ("the queued run's id is empty", whole(simulation_run_id="")),
    "ids-not-empty:queued-result": (
        "the id of a result of a queued run is blank",
        whole(simulation_result_ids=["910101", " "]),
        "$.simulation_result_ids[1]",
    ),
    "ids-not-empty:agent": ("the agent's id is empty", whole(agent_id="")),
    "ids-not-empty:run": ("the run's id is empty", run(id="")),
    "ids-not-empty:simulation": ("the simulation's id is empty", run(simulation_id="")),
    "ids-not-empty:evaluation": ("an evaluation's id is blank", evaluation(id=" ")),
    "valid-urls:words": ("the transcript's URL is a word", result(transcript_url="pending")),
    "valid-urls:empty": ("the transcript's URL is empty", result(transcript_url="")),
    "valid-urls:path": ("the recording's URL is a path", result(audio_url="/audio/910101.wav")),
    "valid-urls:space": (
        "the recording's URL contains a space",
        result(audio_url="https://files.example.com/a b.wav"),
    ),
    "valid-urls:no-host": ("the recording's URL has no host", result(audio_url="https:///a.wav")),
    "body-status:500": ("the body's status is 500, although the HTTP status is 200", whole(status="500")),
    **{
        f"unknown-conversation-status:{status}": (
            f"a conversation's status is {status!r}",
            result(status=status),
        )
        for status in ("VOICEMAIL", "Transferred to human", "PASSED", "done", "", "COMPLETE")
    },
}
