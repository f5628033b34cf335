#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# How long an answer takes does not tell whether an account exists, and
# secrets are compared in constant time.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 1)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    # an address of its own for each guess: none is to be stopped

    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
CONF

use constant ROUNDS => 21;

my $admin = $t->admin;
my $gone = $t->operator;

$admin->patch('admin/operators/' . $gone->id, { disabled => \1 });

# One after the other, in turns, so that what else the machine does falls on
# all of them.  The middle one of each counts.

my %as = (
    'a wrong password' => $admin->login,
    'no account' => 'nobody-of-that-name',
    'a disabled account' => $gone->login,
);

my $browser = $t->browser;
my (%took, %told, $n);

for (1 .. ROUNDS) {
    for my $what (sort keys %as) {
        my $start = Time::HiRes::time();
        my $res = $browser->post('operator/session', {
            login => $as{$what}, password => 'not the password',
        }, headers => { 'X-Forwarded-For' => '10.' . int($n++ / 200) . '.'
                                             . $n % 200 . '.1' });

        push @{ $took{$what} }, Time::HiRes::time() - $start;
        $told{ join ' ', $res->code, $res->body }++;
    }
}

is_deeply([values %told], [3 * ROUNDS], 'all are told the same');

my %median = map { $_ => (sort { $a <=> $b } @{ $took{$_} })[ROUNDS / 2] }
             keys %took;

diag(map { sprintf "%s: %.1f ms\n", $_, $median{$_} * 1000 }
     sort keys %median);

# a hash costs some 15 ms; without one an answer takes less than 2

for my $what (sort grep { $_ ne 'a wrong password' } keys %as) {
    my $ratio = $median{$what} / $median{'a wrong password'};

    ok($ratio > 0.6 && $ratio < 1.67,
       sprintf '%s takes as long as a wrong password (%.2f)', $what, $ratio);
}

# Differences of nanoseconds can't be measured through a network stack: that
# secrets are not compared byte by byte is to be seen in the code.  Sessions
# are looked up by their hash, of which nobody can choose a part.

my $auth = slurp("$Chat::root/ngx_chat_module/base/auth.c");
my @compare = $auth =~ /\b(\w*(?:memcmp|strn?cmp|memn?2cmp|strcasecmp)\w*)\(/g;

cmp_ok(scalar @compare, '>=', 2, 'tags, codes and hashes are compared');
is_deeply([grep { $_ ne 'sodium_memcmp' } @compare], [],
          'by a comparison that takes as long for any two');

for my $file (glob "$Chat::root/ngx_chat_module/{api,command,http}/*.c") {
    my @found = slurp($file) =~ /(\w*cmp\([^;]*(?:code|password|token|tag)\b
                                  [^;]*;)/xg;

    is_deeply(\@found, [], $file =~ s{.*/ngx}{ngx}r . ": compares no secret by itself");
}

$t->done;


sub slurp ($file) {
    open my $fh, '<', $file or die "$file: $!";
    local $/;
    return readline $fh;
}
