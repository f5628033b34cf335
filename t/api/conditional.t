#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Answers of the API are no documents of which a client may have a version:
# conditions change neither what is done nor what is said of it.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $visitor = $t->visitor;

$visitor->say('hello');

for my $header (
    ['If-None-Match', '*'], ['If-None-Match', '"x"'], ['If-Match', '"x"'],
    ['If-Modified-Since', 'Fri, 01 Jan 2100 00:00:00 GMT'],
    ['If-Unmodified-Since', 'Fri, 01 Jan 1999 00:00:00 GMT'],
    ['Range', 'bytes=0-1'],
) {
    my ($name, $value) = @$header;
    my %opt = (headers => { $name => $value });

    is($visitor->get('visitor/history', %opt)->code, 200, "GET, $name $value");

    is($visitor->post('visitor/session', {}, %opt)->code, 200,
       "POST, $name $value");

    is($visitor->get('visitor/events?after=0', %opt)->code, 200,
       "a poll, $name $value");
}

$t->done;
