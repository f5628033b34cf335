package Bench::History;

# Copyright (C) ngx_chat_module contributors

# State directories with a long history, which the program history makes; they
# are kept, as ten million messages take some minutes, until it or the schema
# is another.

use v5.36;

use Bench::Nginx qw(read_file write_file);
use Cwd qw(abs_path);
use Digest::SHA ();
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);

our @EXPORT_OK = qw(history_of);

use constant BYTES => 350;                      # of a message, all indexes

my $root = abs_path(dirname(__FILE__) . '/../../..');
my $bench = "$root/build/bench";


# Returns the directory, whose database the kernel has read by now.

sub history_of ($messages) {
    my $dir = "$bench/history-$messages";
    my $made = Digest::SHA->new(1);

    $made->addfile($_) for glob("$root/t/bench/history/*"),
                           "$root/t/bench/history.c",
                           "$root/ngx_chat_module/store/schema.c";
    $made = $made->hexdigest;

    make($dir, $messages, $made)
        if !-e "$dir/made" || read_file("$dir/made") ne $made;

    read_through("$dir/chat.db");

    return $dir;
}


sub make ($dir, $messages, $made) {
    remove_tree($dir);
    make_path($dir);

    my ($room) = qx(df -Pk $bench) =~ /^\S+\s+\d+\s+\d+\s+(\d+)/m;

    die "bench: no room for $messages messages in $bench\n"
        if $room * 1024 < 2 * BYTES * $messages;

    print STDERR "making a history of $messages messages\n";

    system("$bench/history", '-d', $dir, '-m', $messages) == 0
        or die "bench: history failed\n";

    write_file("$dir/made", $made);
}


sub read_through ($file) {
    open my $fh, '<:raw', $file or die "$file: $!\n";
    1 while sysread $fh, my $ignored, 1 << 20;
}


1;
