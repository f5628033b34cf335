#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The file system of the state directory becomes one that can only be read,
# under open files, as a kernel makes it when it meets an error of the disk:
# nothing can be written, created, renamed or removed.  (The kernel refuses to
# remount one with open files; the preloaded library answers in its place.)
# Messages are refused with 503, what was said can be read, the site is served,
# and it goes on by itself.

use lib 't/lib';
use Chat;

use Disk;
use Errno qw(EROFS);
use Load;

my $t = Chat->new(workers => 2);
my $disk = Disk->new($t);

$t->write('index.html', 'the site');
$t->config(<<'EOT')->start;
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
EOT

my $load = Load->new($t, visitors => 6)->start;
my $reader = $t->visitor;

$reader->say('before');

for my $n (1 .. 3) {
    ok($load->go_on(30), "$n: they talk");

    delete $load->problems->{503};
    $disk->fail(write => EROFS);
    $load->fault;

    ok(wait_for(sub { $load->problems->{503} }, 10), "$n: 503");

    my $acked = $load->acked;
    my @workers = $t->workers;

    # new workers know nothing but that

    $t->reload if $n == 2;
    $t->kill_worker($workers[0]) if $n == 3;

    $load->for_seconds(1.2);
    is($load->acked, $acked, "$n: nothing is acknowledged");
    is_deeply([ grep { /^5(?!03)/ } keys %{ $load->problems } ], [],
              "$n: by 503, and nothing else");
    is($t->browser->get('/index.html')->body, 'the site',
       "$n: the site is served");
    is($reader->history->code, 200, "$n: and what was said")
        if $n == 1;

    my $refused = $reader->say('now');

    is($refused->code, 503, "$n: a message is refused");
    is($refused->json->{type}, 'urn:ngx-chat:unavailable', "$n: by its type");
    ok($refused->headers->header('Retry-After'), "$n: with a time to wait");

    $disk->fail(write => 0);
}

ok($load->go_on(60), 'it goes on by itself');

$load->finish;

is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
   'the database is whole');

my @lines = grep { /\[(?:crit|error)\]/ && !/one-time code/ }
            split /\n/, $t->log;

ok((grep { /30: Read-only file system/ || /readonly/ } @lines),
   'the log names the cause');
cmp_ok(scalar @lines, '<=', 24, @lines . ' lines of trouble in the log')
    or diag(join "\n", @lines);

$t->done;
