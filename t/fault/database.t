#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A database that is no good, or of another time, or in other hands: the log
# says which and why, the chat answers 503, and the site is served.

use lib 't/lib';
use Chat;

use DBI ();
use Fcntl qw(:flock);
use Load;

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

my $file = $t->state_dir . '/chat.db';
my $load = Load->new($t, visitors => 4)->start;

ok($load->go_on(30), 'it works');

# in other hands: somebody writes, and takes time

{
    my $db = DBI->connect("dbi:SQLite:dbname=$file", '', '',
                          { RaiseError => 1, AutoCommit => 1 });

    $db->sqlite_busy_timeout(10000);
    $db->do('BEGIN EXCLUSIVE');
    $load->fault;

    my $acked = $load->acked;

    $load->for_seconds(0.7);
    is($t->browser->get('/index.html')->body, 'the site',
       'the site is served while the database is locked');
    cmp_ok($load->acked, '<=', $acked + 9, 'nothing is acknowledged');

    # longer than a writer waits

    ok(wait_for(sub { $load->problems->{503} }, 10),
       'after a while, 503 is the answer');
    is(($load->talks)[0]{agent}->history->code, 200, 'and reads go on');

    $db->do('ROLLBACK');
    $db->disconnect;
}

ok($load->go_on(30), 'it goes on when the database is free');

# the lock file, as a tool of ours would hold it

open my $lock, '+<', $t->state_dir . '/chat.lock' or die "chat.lock: $!";
flock $lock, LOCK_EX or die "flock: $!";
$load->fault;

my $acked = $load->acked;

$load->for_seconds(1);
is($t->browser->get('/index.html')->body, 'the site',
   'the site is served while the lock is held');
is(($load->talks)[0]{agent}->history->code, 200, 'and so is what was said');
cmp_ok($load->acked, '<=', $acked + 5, 'messages wait');

flock $lock, LOCK_UN;
close $lock;

ok($load->go_on(30), 'and go through when it is free');

$load->finish;

# a newer one

$t->stop;

my $db = DBI->connect("dbi:SQLite:dbname=$file", '', '', { RaiseError => 1 });
my ($version) = $db->selectrow_array('PRAGMA user_version');

$db->do('PRAGMA user_version = ' . ($version + 1000));
$db->disconnect;

refused('a newer database', qr/has schema \d+.*upgrade the module/);

$db = DBI->connect("dbi:SQLite:dbname=$file", '', '', { RaiseError => 1 });
is(($db->selectrow_array('PRAGMA user_version'))[0], $version + 1000,
   'it was left alone');
$db->do("PRAGMA user_version = $version");
$db->disconnect;

ok(wait_for(sub { $t->browser->post('visitor/session')->code == 200 }, 10),
   'as one that fits, it is taken by itself');
is($t->visitor->say('hello')->code, 201, 'and works');

# nothing of ours

$t->stop;
rename $file, "$file.good" or die "$file: $!";
unlink "$file-wal", "$file-shm";

$db = DBI->connect("dbi:SQLite:dbname=$file", '', '', { RaiseError => 1 });
$db->do('CREATE TABLE somebody (elses TEXT)');
$db->disconnect;
own($file);

refused('a database of somebody else', qr/chat\.db/);

# no database at all

$t->stop;
open my $fh, '>', $file or die "$file: $!";
print $fh 'this is a letter to my aunt. ' x 1000;
close $fh;

refused('a file that is no database', qr/not a database|malformed/);

# damaged inside: the pages in the middle

$t->stop;
rename "$file.good", $file or die "$file: $!";
unlink "$file-wal", "$file-shm";

open $fh, '+<', $file or die "$file: $!";
seek $fh, 4096, 0;
print $fh "\xff" x (16 * 4096);
close $fh;
own($file);

refused('a database with damage inside', qr/failed \(11:/);

$t->done;


# nginx starts, the chat answers 503, the log says why, once.

sub refused ($what, $pattern) {
    my $before = length $t->log;

    $t->start if !$t->pid;

    is($t->browser->get('/index.html')->body, 'the site',
       "$what: the site is served");

    my $res = $t->browser->post('operator/session',
        { login => 'admin', password => 'correct horse battery' });

    is($res->code, 503, "$what: the chat is not");

    my $text = substr $t->log, $before;
    my @lines = grep { /\[(?:crit|error)\].*\Q$file\E/ } split /\n/, $text;

    cmp_ok(scalar @lines, '>', 0, "$what: the log names the file");
    cmp_ok(scalar @lines, '<', 10, "$what: and is not flooded")
        or diag(join "\n", @lines);
    ok((grep { $_ =~ $pattern } @lines), "$what: and tells the cause")
        or diag(join "\n", @lines);
}


sub own ($path) {
    my $user = $t->user;
    chown scalar getpwnam($user), -1, $path;
}
