import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag import errors
from kashmag.cli.exits import code_of, sentences_of, worst
from kashmag.errors import (
    BrokenError,
    ClaimLostError,
    ConflictError,
    DeclinedError,
    HeldError,
    InvalidError,
    LogbookBusyError,
    LogbookError,
    NoAnswerError,
    NotFoundError,
    NotPermittedError,
    PluginError,
    RateLimitedError,
    ReadOnlyError,
    RemoteError,
    SettingsError,
    SignInError,
    StalePlanError,
    TiedOtherwiseError,
    UnexpectedPayloadError,
    UnreachableError,
)

CODES = {
    1: (
        HeldError,
        StalePlanError,
        TiedOtherwiseError,
        DeclinedError,
        NotFoundError,
        InvalidError,
        ConflictError,
    ),
    2: (
        SettingsError,
        PluginError,
        LogbookError,
        ReadOnlyError,
        SignInError,
        NotPermittedError,
    ),
    3: (
        RemoteError,
        UnreachableError,
        BrokenError,
        RateLimitedError,
        LogbookBusyError,
        ClaimLostError,
    ),
    4: (NoAnswerError,),
    5: (UnexpectedPayloadError,),
}


@pytest.mark.parametrize(
    ("code", "kind"), [(code, kind) for code, kinds in CODES.items() for kind in kinds]
)
def test_each_error_has_the_exit_code_of_its_remedy(code, kind):
    assert code_of(kind("it did not work")) == code
    assert sentences_of(kind("it did not work")) == ("it did not work",)


def test_anything_else_is_a_bug():
    assert code_of(ZeroDivisionError("division by zero")) == 5
    (said,) = sentences_of(ValueError("several\nlines"))
    assert "ValueError: several lines" in said


@given(st.lists(st.sampled_from([0, 1, 2, 3, 4, 5])))
def test_where_several_codes_apply_the_contract_s_order_decides(codes):
    order = [5, 2, 4, 3, 1, 0]
    assert worst(codes) == next((code for code in order if code in codes), 0)


def test_of_a_group_of_errors_the_worst_counts_and_each_is_told_once():
    for first, second in itertools.permutations([SettingsError("a"), UnreachableError("b")]):
        group = ExceptionGroup("two", [first, second, first])
        assert code_of(group) == 2
        assert set(sentences_of(group)) == {"a", "b"}
        assert len(sentences_of(group)) == 2


def test_the_whole_family_is_in_the_table():
    family = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.KashmagError)
    }
    assert family - {errors.KashmagError} == {kind for kinds in CODES.values() for kind in kinds}
