#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The one-time code can't be guessed.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my %account = (
    login => 'admin', name => 'Ada', password => 'correct horse battery',
);

my @codes = map {
    $t->browser->post('operator/setup', { %account, code => "guess $_" })->code;
} 1 .. 6;

is("@codes", '403 403 403 403 403 429', 'five guesses');

my $code = Chat::Admin->new(chat => $t)->setup_code;
my $late = $t->browser->post('operator/setup', { %account, code => $code });

is($late->code, 429, 'the right one is too late');
like($late->headers->header('Retry-After'), qr/^[1-9]\d*$/, 'when to come');
is_deeply([$t->rows('SELECT 1 FROM operator')], [], 'no account');

$t->done;
