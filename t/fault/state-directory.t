#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The state directory is taken away and given back: closed to the workers at
# the start, or on a file system that can only be read.  The site is served all
# the time, and the chat comes back by itself.

use lib 't/lib';
use Chat;

use Load;
use Mount;

my $t = Chat->new(workers => 2);

my $user = $t->user;

plan(skip_all => 'workers are root here, whom no permission stops')
    if $user eq 'root';

$t->write('index.html', 'the site');
$t->config(<<'EOF');
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

# closed at the start: a directory within one that the workers may not enter

my $state = Mount::under($t, size => '16m', user => 'root', mode => '0000',
                         before => sub ($dir) {
                             chown scalar getpwnam($user), -1, $dir;
                             chmod 0, $dir;
                         });

$t->start;

# nginx has given the directory to its workers: take it away and start anew

system("chown root '$state'; chmod 0700 '$state'");
unlink glob "$state/*";

my @before = $t->workers;

kill 'TERM', @before;
$t->allow(qr/\[alert\].* worker process \d+ exited/);
$t->allow(qr/\[emerg\].* key file .* failed \(13: Permission denied\)/);
ok(wait_for(sub {
    my %now = map { $_ => 1 } $t->workers;
    keys %now == 2 && !grep { $now{$_} } @before;
}, 10), 'workers start without a state directory');

is($t->browser->get('/index.html')->body, 'the site', 'the site is served');

my $res = $t->browser->post('visitor/session');

is($res->code, 503, 'the chat is not');
like($res->headers->content_type, qr{^application/problem\+json},
     'and says so in a problem document');
like($t->log, qr/\[(?:emerg|crit)\].*\Q$state\E.*Permission denied/,
     'the log tells file and cause');

system("chown $user '$state'");

ok(wait_for(sub { $t->browser->post('visitor/session')->code == 200 }, 10),
   'it comes back by itself');

my $load = Load->new($t, visitors => 4)->start;

ok($load->go_on(40), 'and works');

# read-only at a start; a file system with open files can't be made so

for (1 .. 2) {
    $t->stop('TERM');
    system("mount -o remount,ro '$state'") == 0 or die 'remount';
    $load->fault;
    $t->start;

    ok(wait_for(sub { $load->problems->{503} }, 10),
       'messages are refused while it is read-only');
    is_deeply([ grep { /^5(?!03)/ } keys %{ $load->problems } ], [],
              'with 503, and nothing else');
    is($t->browser->get('/index.html')->body, 'the site',
       'the site is served');

    system("mount -o remount,rw '$state'") == 0 or die 'remount';

    ok($load->go_on(40), 'it goes on by itself');
    delete $load->problems->{503};
}

$load->finish;

is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
   'the database is whole');
is_deeply([$t->rows('PRAGMA foreign_key_check')], [],
    'each reference is to a row');

# the log was not flooded

my @lines = grep { /\[(?:crit|error)\]/ } split /\n/, $t->log;

cmp_ok(scalar @lines, '<', 30, @lines . ' lines of trouble in the log')
    or diag(join "\n", @lines);

$t->done;
