#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Clients that disappear in the middle of a request, of its head, of its body,
# or before its answer, leave nothing behind; what had arrived is done.

use lib 't/lib';
use Chat;

use Raw qw(cookie_of request);
use Socket qw(SOL_SOCKET SO_LINGER);
use Waiting qw(waiting wait_for_waiting);

use constant N => 30;

# far more clients come and go than there are connections

my $t = Chat->new(workers => 1)->config(<<'CONF')->start;
%%GLOBALS%%

events { worker_connections 64; }

http {
    %%HTTP%%

    client_body_buffer_size 1k;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
        location = /status { stub_status; }
    }
}
CONF

my $visitor = $t->visitor;
my $admin = $t->admin;
my @cookie = cookie_of($visitor);
my ($worker) = $t->workers;

$visitor->say('hello');

my $long = Mojo::JSON::encode_json({
    client_id => 'never-finished', text => 'x' x 4000,
});

my $whole = request($t, POST => 'visitor/messages', $long, @cookie);
my $head = length($whole) - length $long;
my $chunked = request($t, POST => 'visitor/messages', '', @cookie,
                      'Transfer-Encoding: chunked');

my %part = (
    'nothing' => '',
    'a part of the head' => substr($whole, 0, $head / 2),
    'the head' => substr($whole, 0, $head),
    'a part of the body' => substr($whole, 0, $head + 100),
    'all of the body but a byte' => substr($whole, 0, -1),
    'a part of a chunk' => "${chunked}ff\r\n{",
    'a chunk' => "${chunked}1\r\n{\r\n",
);

my $descriptors = descriptors();

for my $what (sort keys %part) {
    for my $way ('closed', 'reset') {
        my @clients = map { $t->socket } 1 .. N;

        $_->syswrite($part{$what}) for @clients;

        # they are all there before they go

        wait_for(sub { descriptors() >= $descriptors + N }, 5, 'clients')
            or fail('not all have come');

        for my $client (@clients) {
            setsockopt $client, SOL_SOCKET, SO_LINGER, pack 'II', 1, 0
                if $way eq 'reset';
            close $client;
        }

        ok(wait_for(sub { descriptors() <= $descriptors }, 5, 'no descriptor'),
           "$what, $way: no connection is left");
    }
}

is_deeply([$t->rows("SELECT 1 FROM event WHERE client_id = 'never-finished'")],
          [], 'nothing of a half body was done');

# gone before the answer: it is done all the same, exactly once

my @ids = map { "gone-before-$_" } 1 .. N;

for my $id (@ids) {
    my $client = $t->socket;

    $client->syswrite(request($t, POST => 'visitor/messages',
        qq({"client_id":"$id","text":"$id"}), @cookie));
    close $client;
}

ok(wait_for_waiting($t, 0), 'nobody waits');
ok(wait_for(sub { descriptors() <= $descriptors }, 5, 'no descriptor'),
   'no connection is left');

my %seen;
$seen{ $_->{client_id} }++ for $t->rows(
    "SELECT client_id FROM event WHERE client_id LIKE 'gone-before-%'");

# one that nginx had not read yet when the client went may be missing

is_deeply([grep { $_ > 1 } values %seen], [], 'none is there twice');

# passwords take a while: the client goes while a thread is at it

my @log_in = map {
    my $client = $t->socket;
    $client->syswrite(request($t, POST => 'operator/session',
        Mojo::JSON::encode_json({
            login => $admin->login, password => $admin->password,
        })));
    $client;
} 1 .. 20;

close $_ for @log_in;

ok(wait_for(sub { descriptors() <= $descriptors }, 10, 'no descriptor'),
   'nor of those who logged in');

is(($t->workers)[0], $worker, 'the worker is the same');
is($visitor->say('still here')->code, 201, 'and serves');

$t->done;


# The worker's, without the connections of the agents.

sub descriptors {
    return scalar(() = glob "/proc/$worker/fd/*");
}
