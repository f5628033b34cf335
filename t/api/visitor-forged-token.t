#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Only a token that this server made is an identity: one that was cut, grown
# or changed in any bit is nobody's.

use lib 't/lib';
use Chat;

use MIME::Base64 qw(decode_base64url encode_base64url);

my $t = Chat->new->start;

my $visitor = $t->visitor;
$visitor->say('hello');

my ($token) = $visitor->opened->headers->set_cookie =~ /=([^;]+)/;
my $bytes = decode_base64url($token);

is(code(token => $token), 200, 'the token as it was given');
is(code(cookie => $token), 200, 'the cookie as it was given');

# any bit

my @passed = grep {
    my $other = $bytes;
    vec($other, $_, 1) ^= 1;
    code(token => encode_base64url($other)) != 401;
} 0 .. 8 * length($bytes) - 1;

is_deeply(\@passed, [], 'no bit may be another: ' . 8 * length($bytes));

# any length

@passed = grep { code(token => substr $token, 0, $_) != 401 }
          0 .. length($token) - 1;

is_deeply(\@passed, [], 'it may not be cut anywhere');

my %forged = (
    'longer' => "${token}A",
    'twice' => $token x 2,
    'padded' => "$token=",
    'with a space behind' => "$token x",
    'with other characters' => ('!' x length $token),
    'of zeros' => ('A' x length $token),
    'huge' => ('A' x 4000),
    'in quotes' => qq("$token"),
    'with bytes above 0x7f' => ("\xff" x length $token),
    'of another alphabet' => encode_base64url($bytes) =~ tr{-_}{+/}r,
);

delete $forged{'of another alphabet'} if $token !~ /[-_]/;

# the last character has bits that no byte has: there is one spelling only

my @alphabet = ('A' .. 'Z', 'a' .. 'z', 0 .. 9, '-', '_');
my ($at) = grep { $alphabet[$_] eq substr $token, -1 } 0 .. $#alphabet;

for my $other (map { $alphabet[$at ^ $_] } 1 .. 3) {
    $forged{"spelt otherwise, $other"} = substr($token, 0, -1) . $other;
}

for my $what (sort keys %forged) {
    is(code(token => $forged{$what}), 401, "a token $what");
    is(code(cookie => $forged{$what}), 401, "a cookie $what");
}

# schemes

for my $value ("bearer $token", "BEARER $token") {
    is(authorized($value), 200, "a scheme has no case: $value");
}

for my $value ('Bearer', 'Bearer ', "Bearer$token", $token, "Token $token",
               "Bearer  $token")
{
    is(authorized($value), 401, "no bearer token: $value");
}

# one who comes with rubbish is new

my $fresh = $t->browser->post('visitor/session', {},
    headers => { Cookie => 'chat_visitor=' . 'A' x length $token });

is($fresh->code, 200, 'a wrong cookie is no reason to stay outside');
is($fresh->json->{conversation}, undef, 'but one comes as another');
like($fresh->headers->set_cookie, qr/^chat_visitor=(?!\Q$token\E)[\w-]+;/,
     'with an identity of one\'s own');

# cookies of others beside it

is($t->browser->get('visitor/history', headers => {
       Cookie => "a=1; chat_visitor2=x; xchat_visitor=y; chat_visitor=$token",
   })->code, 200, 'among other cookies');

unlike($t->log, qr/\Q$token\E/, 'no token in the log');

$t->done;


sub code ($kind, $value) {
    return authorized("Bearer $value") if $kind eq 'token';

    return $t->browser->get('visitor/history', headers => {
        Cookie => "chat_visitor=$value",
    })->code;
}


sub authorized ($value) {
    state $browser = $t->browser;

    return $browser->get('visitor/history',
                         headers => { Authorization => $value })->code;
}
