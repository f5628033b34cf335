#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The key is lost, or only a part of it is there.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 2);

$t->write('index.html', 'the site');
$t->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /      { root %%DIR%%; }
        location /chat/ { chat; }
    }
}
EOF

my $key = $t->state_dir . '/chat.key';
my $visitor = $t->visitor;
my $admin = $t->admin;

is($visitor->say('hello')->code, 201, 'before');
is((stat $key)[2] & 0777, 0600, 'only its owner may read the key');

# half of it

my $half = (-s $key) - 1;

open my $fh, '+<', $key or die "$key: $!";
truncate $fh, $half or die "truncate: $!";
close $fh;

$t->allow(qr/\[emerg\].* key file "\Q$key\E" has not 32 bytes/);
$t->stop->start;

is($t->browser->get('/index.html')->body, 'the site',
   'the site is served without a whole key');
is($t->browser->post('visitor/session')->code, 503, 'the chat is not');
is(-s $key, $half, 'nothing was written over it');
like($t->log, qr/\[(?:crit|error|emerg)\].*\Q$key\E/, 'the log names the file');

# lost: a new one, and visitors are strangers

unlink $key or die "$key: $!";

ok(wait_for(sub { $t->browser->post('visitor/session')->code == 200 }, 10),
   'a new key is made by itself');
cmp_ok(-s $key, '>', $half, 'a whole one');
is($visitor->say('who am I')->code, 401, 'the old identity is worth nothing');
is($t->visitor->say('hello again')->code, 201, 'a new one is');
is($admin->who_am_i->code, 200, 'an operator stays logged in');

# every worker has the same

my $other = $t->visitor;
my %code;

for (1 .. 20) {
    my $socket = Mojo::UserAgent->new(cookie_jar => $other->ua->cookie_jar);
    $code{ $socket->get($t->api('visitor/history'))->res->code }++;
}

is_deeply(\%code, { 200 => 20 }, 'every worker has the same one');

$t->done;
