#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Whose guesses count together: an IPv4 address is one, and so is the half of
# IPv6 that a connection has to itself.  The address is the one that nginx's
# realip has found; a header that nobody vouches for changes nothing.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 2)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    # behind a proxy: what it says of the address counts

    server {
        listen 127.0.0.1:%%PORT%%;

        set_real_ip_from 127.0.0.1;
        real_ip_header X-Forwarded-For;

        location /chat/ { chat; }
    }

    # nobody was told of a proxy here

    server {
        listen 127.0.0.1:%%PORT2%%;

        location /chat/ { chat; }
    }
}
CONF

my $browser = $t->browser;
my %right = map { $_ => $t->admin->$_ } qw(login password);
my $n = 0;

# five of one address for one login; the next address has five again

is(guesses('192.0.2.1'), '401 401 401 401 401 429', 'an IPv4 address');
is(guesses('192.0.2.2', 2), '401 401', 'its neighbour is another');
is(right('192.0.2.1'), 429, 'the right one is too late, there');
is(right('192.0.2.3'), 201, 'and comes in elsewhere');

# 2^64 addresses are one, however they are written

my @written = ('2001:db8:1:2::1', '2001:db8:1:2::2', '2001:DB8:1:2:ffff::',
               '2001:0db8:0001:0002:a:b:c:d', '2001:db8:1:2:3:4:5:6');

is(join(' ', map { guess($_) } @written), '401 401 401 401 401',
   'five of one network');
is(guess('2001:db8:1:2:8000::7'), 429, 'and no more, of any of its addresses');
is(guess('2001:db8:1:3::1'), 401, 'the network beside it is another');
is(right('2001:db8:1:2::abcd'), 429, 'the right one is too late, too');

# an IPv4 address that is written as an IPv6 one is one and the same

is(guesses('198.51.100.7', 4), '401 401 401 401', 'four of an IPv4 address');
is(join(' ', map { guess('::ffff:198.51.100.7') } 1 .. 2), '401 429',
   'a fifth, written otherwise');

# What the client claims stands left of what the proxy has seen.

is(join(' ', map { guess(++$n . '.0.0.1, 203.0.113.5') } 1 .. 6),
   '401 401 401 401 401 429', 'a claim in front of the address does not help');

# All headers that somebody may have heard of, another value each time, where
# no proxy is.

my @claims = map {
    my $i = $_;
    +{ map { $_ => "10.0.0.$i" }
       qw(X-Forwarded-For X-Real-IP X-Client-IP True-Client-IP
          CF-Connecting-IP Client-IP),
       Forwarded => "for=10.0.0.$i" };
} 1 .. 6;

$claims[$_]{'X-Forwarded-For'} = '10.0.0.' . $_ for 0 .. 5;

is(join(' ', map {
    attempt('a wrong one', $_, login => 'somebody', port => $t->port(2));
} @claims), '401 401 401 401 401 429', 'without a proxy no header counts');

# who is stopped leaves a line for each, and a wrong one does, too

like($t->log, qr/\[warn\].*chat\ log-in\ failed:\ wrong\ password\ for\ "admin",
                 \ client:\ 192\.0\.2\.2,/x,
     'the log has the address that was found');
like($t->log, qr/\[warn\].*chat\ log-in\ failed:\ no\ such\ account,
                 \ client:\ 127\.0\.0\.1,/x, 'and that of a stranger');
like($t->log, qr/\[warn\].*chat\ login\ attempts\ throttled,
                 \ client:\ 2001:db8:1:2:8000::7,/x, 'who was stopped, too');

# A login that is guessed from everywhere is closed for a while, to everybody:
# 50 in all.  So many were tried by now.

my $tried = () = $t->log =~ /wrong password for "admin"/g;

$tried++ while $tried < 60 && guess("100.64.$tried.1") == 401;
is($tried, 50, 'fifty guesses for a login from wherever');
is(right('192.0.2.200'), 429, 'then it is closed');
is($t->admin->who_am_i->code, 200, 'who is in stays in');

# an address that tries everybody: 30 in all

$n = 0;
$n++ while $n < 40
    && attempt('a wrong one', { 'X-Forwarded-For' => '203.0.113.99' },
               login => "somebody$n") == 401;
is($n, 30, 'thirty guesses of an address, at whomever');

$t->done;


sub attempt ($password, $headers, %opt) {
    my $login = $opt{login} // $right{login};
    my %port = $opt{port} ? (port => $opt{port}) : ();

    $headers = { %$headers, Origin => "http://127.0.0.1:$opt{port}" }
        if $opt{port};

    return $browser->post('operator/session',
                          { login => $login, password => $password },
                          headers => $headers, %port)->code;
}


sub guess ($address) {
    return attempt('a wrong one', { 'X-Forwarded-For' => $address });
}


sub guesses ($address, $n = 6) { join ' ', map { guess($address) } 1 .. $n }


sub right ($address) {
    return attempt($right{password}, { 'X-Forwarded-For' => $address });
}
