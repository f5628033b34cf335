#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The brake has room for so many names only.  Which of them share a place is a
# secret, so that nobody can push out the counts of what they guess at.

use lib 't/lib';
use Chat;

use constant ROUNDS => 8;

my $t = Chat->new(workers => 1)->start;

my $admin = $t->admin;
my $browser = $t->browser;

# names that an unkeyed hash would put beside the address, and the login

my @beside = (
    [ names(hash('address127.0.0.1')) ],
    [ names(hash('login' . $admin->login)) ],
);

my ($guesses, $all) = (0, 0);

for my $round (1 .. ROUNDS) {
    attempt($admin->login) for 1 .. 4;

    for my $names (@beside) {
        attempt(shift @$names) for 1 .. 9;
    }
}

cmp_ok($guesses, '<=', 5, 'no more guesses at one login');
cmp_ok($all, '<=', 30, 'no more guesses of one address');

$t->done;


sub attempt ($login) {
    my $code = $browser->post('operator/session', {
        login => $login, password => 'guess',
    })->code;

    $all++ if $code == 401;
    $guesses++ if $code == 401 && $login eq $admin->login;
}


# the last bits of FNV-1a

sub hash ($text) {
    my $h = 0x25;

    $h = (($h ^ $_) * 0xb3) & 0xff for unpack 'C*', $text;

    return $h;
}


sub names ($hash) {
    return grep { hash("login$_") == $hash } map { "name$_" } 1 .. 50_000;
}
