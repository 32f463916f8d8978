from accounts import codes


class TestMakeCode:
    def test_has_ten_characters_that_nobody_mistakes_for_another(self) -> None:
        made = {codes.make_code() for _ in range(500)}

        assert len(made) == 500
        assert {len(code) for code in made} == {10}
        assert not set("".join(made)) & set("01OILU")


class TestInOneSpelling:
    def test_takes_small_letters_spaces_and_dashes(self) -> None:
        assert codes.in_one_spelling(" abcde-fghjk ") == codes.in_one_spelling("ABCDE FGHJK") == "ABCDEFGHJK"

    def test_takes_the_dashes_and_wide_letters_that_keyboards_make(self) -> None:
        assert codes.in_one_spelling("ABCDE\u2014\uff26\uff27\uff28\uff2a\uff2b") == "ABCDEFGHJK"

    def test_reads_back_what_was_printed(self) -> None:
        code = codes.make_code()

        assert codes.in_one_spelling(codes.for_reading(code)) == code
