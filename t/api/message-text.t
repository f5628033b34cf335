#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What a message may say: up to 4000 characters, whatever their bytes, and no
# control characters.  It arrives as it was sent.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $visitor = $t->visitor;
my $agent = $t->operator;

$visitor->say('first');
my $id = $visitor->conversation;

my %ok = (
    'one character' => 'a',
    '4000 characters' => 'a' x 4000,
    '4000 characters of two bytes' => 'é' x 4000,
    '4000 characters of four bytes' => '😀' x 4000,
    'a family of seven characters' => '👨‍👩‍👧‍👦',
    'tab and line feed' => "a\tb\nc",
    'right to left' => "שלום \x{202e}evil",
    'markup' => '<script>alert(1)</script>&amp;"\'',
    'JSON' => '{"id":1}\\u0041\\',
    'a separator of lines' => "a\x{2028}b",
    'the last code point' => "\x{10ffff}",
    'no character' => "\x{fffe}",
    'a replacement character' => "\x{fffd}",
    'an event of a stream' => "a\n\ndata: {}\n\nid: 1",
);

for my $what (sort keys %ok) {
    for my $who (['visitor', sub { $visitor->say($_[0]) }],
                 ['operator', sub { $agent->say($id, $_[0]) }])
    {
        my ($name, $say) = @$who;
        my $res = $say->($ok{$what});

        is($res->code, 201, "$name: $what");
        is($res->json->{event}{data}{text}, $ok{$what}, 'as it was sent');
    }
}

my ($row) = $t->rows('SELECT text FROM event WHERE type = 1 ORDER BY id DESC');

is($row->{text}, last_text(), 'and so it is stored');

# what all see of it, in a poll and in a stream

my $stream = $agent->stream(last_id => $agent->who_am_i->json->{cursor});
$visitor->say($ok{'an event of a stream'});

my @seen = $stream->wait(sub {
    grep { ($_->{data}{text} // '') eq $ok{'an event of a stream'} } @_;
});

ok(@seen, 'no text breaks out of a stream');
$stream->close;

# line ends

is($visitor->say("a\r\nb\rc\r\n\r\n")->json->{event}{data}{text},
   "a\nb\nc\n\n", 'line ends become one kind');
is($visitor->say(("a" x 3999) . "\r\n")->code, 201, 'and count as one');

my %wrong = (
    'nothing' => '',
    'white space' => " \t\n",
    'white space of Unicode' => "\x{a0}\x{2003}\x{3000}\x{200b}\x{feff}",
    '4001 characters' => 'a' x 4001,
    '4001 characters of four bytes' => '😀' x 4001,
    'a bell' => "ding\a",
    'an escape' => "\e[31mred",
    'a vertical tab' => "a\x0bb",
    'a form feed' => "a\fb",
    'a delete' => "a\x7f",
    'a C1 control' => "a\x{9b}31m",
);

for my $what (sort keys %wrong) {
    for my $res ($visitor->say($wrong{$what}), $agent->say($id, $wrong{$what}))
    {
        is($res->code, 422, "refused: $what");
        is($res->json->{field}, 'text', 'the field is named');
    }
}

# what is not text at all

my $client_id = 'abcdefgh';

for my $case (
    ['a NUL' => 'a\\u0000b'],
    ['a lone surrogate' => 'a\\ud83db'],
    ['a lone second surrogate' => '\\ude00'],
    ['surrogates the wrong way round' => '\\ude00\\ud83d'],
    ['a byte that is no text' => "a\xff"],
    ['a character cut in half' => "\xf0\x9f\x98"],
    ['an overlong form' => "\xc0\xaf"],
    ['a surrogate in UTF-8' => "\xed\xa0\x80"],
    ['beyond the last code point' => "\xf4\x90\x80\x80"],
    ['a raw NUL' => "a\0b"],
    ['a raw line feed' => "a\nb"],
    ['an unknown escape' => '\\x41'],
) {
    my ($what, $text) = @$case;

    my $res = raw(qq({"client_id":"$client_id","text":"$text"}));

    is($res->code, 400, "malformed: $what");
    is($res->json->{type}, 'urn:ngx-chat:malformed', 'and says so');
}

is(raw(qq({"client_id":"$client_id","text":"\\ud83d\\ude00"}))
     ->json->{event}{data}{text}, '😀', 'a pair of surrogates is a character');

$t->done;


sub last_text {
    my ($last) = grep { $_->{type} eq 'message' }
                 reverse @{ $visitor->history->json->{events} };
    return $last->{data}{text};
}


sub raw ($body) {
    return $visitor->request(
        POST => 'visitor/messages', body => $body,
        headers => { 'Content-Type' => 'application/json' },
    );
}
