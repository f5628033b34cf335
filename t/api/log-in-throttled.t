#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Passwords can't be guessed: after a few failures for a login from an address
# the answer is 429, also for the right one.  Others go on.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 4)->start;

my $admin = $t->admin;
my $agent = $t->operator;

my %right = (login => $agent->login, password => $agent->password);

# a few failures are human, and forgotten with a success

for my $round (1 .. 3) {
    is(log_in(password => "guess $_")->code, 401, "$round: failure $_")
        for 1 .. 4;
    is(log_in()->code, 201, "$round: then it is right");
}

# many at once count, too: none slips through while others are checked

my $browser = $t->browser;
my @codes = map { $_->code } $browser->all(map {
    $browser->post_p('operator/session', {
        password => "guess $_",
        login => $_ % 2 ? $right{login} : uc $right{login},
    });
} 1 .. 12);

is(scalar(grep { $_ == 401 } @codes), 5, 'five guesses');
is(scalar(grep { $_ == 429 } @codes), 7, 'and no more');

my $late = log_in();

is($late->code, 429, 'the right one comes too late');
is($late->json->{type}, 'urn:ngx-chat:too-many', 'and is told so');
is($late->headers->set_cookie, undef, 'no session');
like($late->headers->header('Retry-After'), qr/^[1-9]\d*$/, 'when to come');
cmp_ok($late->headers->header('Retry-After'), '<=', 300, 'in five minutes');

like($t->log, qr/\[warn\].*chat login attempts throttled/, 'the log tells');

# who is in stays in, and others come in

is($agent->who_am_i->code, 200, 'a session goes on');
is($t->browser->post('operator/session', {
       login => $admin->login, password => $admin->password,
   })->code, 201, 'another login is not concerned');

# the current password is not guessed, either

@codes = map {
    $agent->put('operator/password', {
        current => "guess $_", password => 'another long password',
    })->code;
} 1 .. 6;

is("@codes", '401 401 401 401 401 429', 'nor is the current one guessed');
is($agent->put('operator/password', {
       current => $agent->password, password => 'another long password',
   })->code, 429, 'the right one is too late, too');

# one address is not many: all its guesses count together

my $n = 0;
$n++ while $n < 40 && $t->browser->post('operator/session', {
    login => "somebody$n", password => 'guess',
})->code == 401;

cmp_ok($n, '>', 5, 'an office has more');
cmp_ok($n, '<', 30, 'but has an end');

$t->done;


sub log_in (%changes) {
    return $t->browser->post('operator/session', { %right, %changes });
}
